using System.Diagnostics.Metrics;
using Hookstream.Core.Metrics;
using Microsoft.Extensions.Hosting;

namespace Hookstream.Api.Health;

/// <summary>Asks now and then how the store and the queue are, so that it can be seen from outside without a request.</summary>
internal sealed class HealthWatch : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly DependencyChecks _checks;
    private readonly TimeProvider _clock;
    private (StoreHealth Store, StoreHealth Queue)? _last;

    public HealthWatch(DependencyChecks checks, TimeProvider clock, IMeterFactory? meters = null)
    {
        _checks = checks;
        _clock = clock;
        var meter = meters.CreateMeter();
        meter.CreateObservableGauge(
            "hookstream.store.up", () => Look(last => last.Store.Up ? 1 : 0), null, "1: the store answers and takes writes, as seen from this process.");
        meter.CreateObservableGauge(
            "hookstream.queue.up",
            () => Look(last => last.Queue.Up ? 1 : 0),
            null,
            "1: the queue answers, as seen from this process; without Redis the store is the queue.");
        meter.CreateObservableGauge(
            "hookstream.store.latency", () => Look(last => last.Store.Latency.TotalSeconds), "s", "How long the store took to answer a small question.");
        meter.CreateObservableGauge(
            "hookstream.queue.latency", () => Look(last => last.Queue.Latency.TotalSeconds), "s", "How long the queue took to answer a small question.");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var health = await _checks.CheckAsync(stoppingToken);
                lock (_checks)
                    _last = health;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            await Task.Delay(Interval, _clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Nothing before the first answer.
    private Measurement<T>[] Look<T>(Func<(StoreHealth Store, StoreHealth Queue), T> value)
        where T : struct
    {
        lock (_checks)
            return _last is { } last ? [new Measurement<T>(value(last))] : [];
    }
}
