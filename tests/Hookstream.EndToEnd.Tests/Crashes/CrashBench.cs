using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.Receivers;
using Hookstream.EndToEnd.Tests.Servers;

namespace Hookstream.EndToEnd.Tests.Crashes;

/// <summary>A server under load with two subscribers, and the count of what must not be lost or forged.</summary>
internal sealed class CrashBench : IAsyncDisposable
{
    private readonly HashSet<string> _accepted = [];
    private Receiver _receiver = null!;
    private TenantApi _tenant = null!;
    private Subscription[] _subscriptions = [];
    private int _duplicatesBefore;

    private CrashBench()
    {
    }

    public ServerProcess Server { get; private set; } = null!;

    public static async Task<CrashBench> StartAsync(int workerConcurrency)
    {
        var bench = new CrashBench { _receiver = await Receiver.StartAsync() };
        try
        {
            bench.Server = await ServerProcess.StartAsync(
                ("WORKER_CONCURRENCY", $"{workerConcurrency}"), ("HOOKSTREAM_RETRY_SCHEDULE", "0s,1s,1s,1s,1s"));
            bench._tenant = await TenantApi.CreateAsync(bench.Server.Http, bench.Server.AdminToken);
            bench._subscriptions =
            [
                await bench._tenant.SubscribeAsync(bench._receiver.NewEndpoint("first")),
                await bench._tenant.SubscribeAsync(bench._receiver.NewEndpoint("second"), "order.*"),
            ];
            return bench;
        }
        catch
        {
            await bench.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Posts until <paramref name="events"/> were accepted, ends the server in the middle of it, starts it again and waits
    /// until nothing is left to send.
    /// </summary>
    /// <returns>How many requests were sent again although they had arrived.</returns>
    public async Task<int> RoundAsync(int events, Func<ServerProcess, Task> endAsync)
    {
        var load = new PostingLoad(Server.Http, _tenant.Key);
        var gone = new TaskCompletionSource();
        var running = load.RunAsync(gone.Task);
        await Eventually.TrueAsync(
            () => Task.FromResult(load.Accepted.Count >= events || running.IsCompleted),
            () => $"{events} events to be accepted, {load.Accepted.Count} were; the server wrote\n{Server.Log.Tail()}");
        running.IsCompleted.ShouldBeFalse($"the load ended early: {running.Exception}");
        var ended = endAsync(Server);
        gone.SetResult();
        await running;
        await ended;
        _accepted.UnionWith(load.Accepted);
        await Server.StartAgainAsync();
        await DrainAsync();
        return CheckArrivals();
    }

    public async ValueTask DisposeAsync()
    {
        if (Server is not null)
            await Server.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    private async Task DrainAsync()
    {
        foreach (var status in new[] { "pending", "failed" })
        {
            await Eventually.TrueAsync(
                async () => (await _tenant.ListAsync($"/api/v1/deliveries?status={status}&limit=1")).Count == 0,
                () => $"no delivery to be {status}");
        }
    }

    private int CheckArrivals()
    {
        var duplicates = 0;
        foreach (var subscription in _subscriptions)
        {
            var requests = subscription.Endpoint.Requests;
            var arrived = requests.Select(request => request.EventId).ToHashSet();
            _accepted.Except(arrived).ShouldBeEmpty($"accepted with 202 and never arrived at {subscription.Endpoint.Url}");
            requests.Count(request => !request.IsSignedBy(subscription.Secret)).ShouldBe(0, "requests with a wrong signature");
            duplicates += requests.Count - requests.Select(request => request.DeliveryId).Distinct().Count();
        }

        var ofThisRound = duplicates - _duplicatesBefore;
        _duplicatesBefore = duplicates;
        return ofThisRound;
    }
}
