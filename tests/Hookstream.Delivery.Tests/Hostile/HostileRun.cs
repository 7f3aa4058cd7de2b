using System.Diagnostics;
using Hookstream.Delivery.Sending;
using Hookstream.Delivery.Tests.Sending;
using Hookstream.Delivery.Tests.Stores;

namespace Hookstream.Delivery.Tests.Hostile;

/// <summary>Sends two requests to each hostile receiver, to many of them at once, through one transport.</summary>
public sealed class HostileRun : IAsyncLifetime
{
    private const int AtOnce = 24;

    /// <summary>The deadline of a request that only a deadline ends.</summary>
    internal static readonly TimeSpan ShortTimeout = TimeSpan.FromSeconds(2);

    /// <summary>The deadline of all others, which they must not need.</summary>
    internal static readonly TimeSpan LongTimeout = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _free = new(AtOnce);
    private readonly Dictionary<string, Task<HostileResult>> _results = [];
    private readonly WorkerHost _host = new(
        WorkerHost.Options with { Trust = TestCertificates.Trust }, resolver: new FakeResolver("127.0.0.1"));

    internal Task<HostileResult> ResultOf(HostileCase hostile) => _results[hostile.Name];

    public ValueTask InitializeAsync()
    {
        foreach (var hostile in HostileReceiverTests.Cases.Values)
            _results[hostile.Name] = RunAsync(hostile);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_results.Values.Cast<Task>()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _host.DisposeAsync();
        _free.Dispose();
    }

    private async Task<HostileResult> RunAsync(HostileCase hostile)
    {
        await _free.WaitAsync();
        try
        {
            await using var receiver = new HostileReceiver(hostile.Script);
            var endpoint = Sample.Endpoint(
                new Uri($"{hostile.Origin}:{receiver.Port}/hook"),
                settings => settings with { Timeout = hostile.Hangs ? ShortTimeout : LongTimeout });
            var message = WebhookMessage.Of(Sample.Work(endpoint, hostile.Payload));
            var (first, firstTook) = await SendAsync(message);
            await receiver.AtRestAsync();
            var (second, secondTook) = await SendAsync(message);
            return new HostileResult(
                [first, second],
                firstTook > secondTook ? firstTook : secondTook,
                receiver.Connections,
                [.. receiver.Requests],
                receiver.Written);
        }
        finally
        {
            _free.Release();
        }
    }

    private async Task<(Attempt Attempt, TimeSpan Took)> SendAsync(WebhookMessage message)
    {
        var started = Stopwatch.GetTimestamp();
        var result = await _host.Get<WebhookSender>().SendAsync(message, Attempt.MaxResponseBody, CancellationToken.None);
        return (result.Attempt, Stopwatch.GetElapsedTime(started));
    }
}
