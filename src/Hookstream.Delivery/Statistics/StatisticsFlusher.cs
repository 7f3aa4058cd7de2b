using Hookstream.Core.Statistics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Hookstream.Delivery.Statistics;

/// <summary>
/// Takes what was counted to the store, every two seconds and at the end: a crash loses what was counted since. What the store does not
/// take is kept for the next time.
/// </summary>
internal sealed class StatisticsFlusher(
    StatisticsCollector collector, IStatisticsStore store, TimeProvider time, ILogger<StatisticsFlusher> logger) : BackgroundService
{
    private const int MaxRows = 200;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly StoreOutage _outage = new();

    /// <summary>The workers are stopped before this, so that all that they recorded is counted.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        await FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            // What is under way when the end comes is not cut off: nobody would know whether it was counted.
            await FlushAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    private async Task FlushAsync(CancellationToken cancellation)
    {
        var rows = collector.Take();
        for (var stored = 0; stored < rows.Count; stored += MaxRows)
        {
            try
            {
                await store.AddAsync([.. rows.Skip(stored).Take(MaxRows)], cancellation).ConfigureAwait(false);
                _outage.Over();
            }
            catch (Exception exception)
            {
                collector.Return(rows.Skip(stored));
                if (_outage.IsNews(exception))
                    logger.StatisticsKept(exception);
                return;
            }
        }
    }
}
