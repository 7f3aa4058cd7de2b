using Hookstream.Conformance.Metrics;
using StackExchange.Redis;

namespace Hookstream.Queue.Redis.Tests.Queueing;

/// <summary>A queue as a process has it, on a server of the test's own and by real time, with a fake store.</summary>
internal sealed class QueueProcess : IAsyncDisposable
{
    private readonly ConfigurationOptions _server;

    private QueueProcess(ConfigurationOptions server, FakeSource source, RedisQueue queue, RecordedLog logs, RecordedMeters meters)
    {
        Meters = meters;
        _server = server;
        Source = source;
        Queue = queue;
        Logs = logs;
    }

    public FakeSource Source { get; }

    public RedisQueue Queue { get; }

    public RecordedLog Logs { get; }

    public RecordedMeters Meters { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static Task<QueueProcess> StartAsync(
        RedisServer redis,
        FakeSource? source = null,
        string prefix = "hookstream",
        bool slowPasses = false,
        TimeSpan? timeout = null,
        TimeSpan? goneAfter = null) => StartAsync(redis.Url, source, prefix, slowPasses, timeout, goneAfter);

    public static async Task<QueueProcess> StartAsync(
        string url,
        FakeSource? source = null,
        string prefix = "hookstream",
        bool slowPasses = false,
        TimeSpan? timeout = null,
        TimeSpan? goneAfter = null)
    {
        RedisUrl.TryParse(url, out var server).ShouldBeTrue();
        var logs = new RecordedLog();
        var meters = new RecordedMeters();
        var queue = await RedisQueue.OpenAsync(
            new RedisQueueOptions
            {
                Server = server,
                Prefix = prefix,
                Meters = meters,
                SlowPasses = slowPasses,
                WatchesNodes = goneAfter is not null,
                GoneAfter = goneAfter ?? TimeSpan.FromSeconds(5),
                Timeout = timeout ?? TimeSpan.FromSeconds(20),
            },
            TimeProvider.System,
            logs);
        source ??= new FakeSource();
        await queue.AttachAsync(source, TimeProvider.System, Cancellation);
        return new QueueProcess(server, source, queue, logs, meters);
    }

    public Task<IReadOnlyList<Lease>> ClaimAsync(int slots = 1_000, TimeSpan? lease = null) =>
        Queue.ClaimAsync(
            new ClaimRequest(slots, slots, new Dictionary<SubscriberId, int>(), lease ?? TimeSpan.FromSeconds(60)),
            Cancellation);

    public async Task EnqueueAsync(params QueuedDelivery[] deliveries)
    {
        Source.Add(deliveries);
        await Queue.EnqueueAsync(deliveries, Cancellation);
    }

    /// <summary>Claims until so many were claimed; each once.</summary>
    public async Task<HashSet<DeliveryId>> ClaimAllAsync(int count)
    {
        var claimed = new HashSet<DeliveryId>();
        await Eventually.BecomesTrueAsync(async () =>
        {
            foreach (var lease in await ClaimAsync())
                claimed.Add(lease.Delivery).ShouldBeTrue("it was claimed twice");
            return claimed.Count >= count;
        });
        return claimed;
    }

    /// <summary>Has every script run, and look at what it can find.</summary>
    public async Task TouchEverythingAsync()
    {
        var now = TimeProvider.System.GetUtcNow();
        var endpoint = Endpoint.New(now);
        var deliveries = endpoint.Deliveries(20, now.AddSeconds(-1));
        var later = endpoint.Deliveries(2, now.AddHours(1), laneClass: 3);
        await EnqueueAsync([.. deliveries, .. later]);
        await EnqueueAsync(Endpoint.New(now).Deliveries(3, now.AddSeconds(-1)));
        await EnqueueAsync(Endpoint.New(now).Deliveries(10_001, now.AddSeconds(-1)));
        await Queue.HoldAsync([endpoint.Hold(maxInFlight: 50)], Cancellation);
        var leases = await ClaimAsync(12);
        leases.Count.ShouldBe(12);
        (await Queue.RenewAsync(leases, TimeSpan.FromSeconds(60), Cancellation)).ShouldBeEmpty();
        (await Queue.FindLostAsync(leases, Cancellation)).ShouldBeEmpty();
        await Queue.ReleaseAsync([leases[0]], Cancellation);
        await Queue.SettledAsync([leases[1]], [], Cancellation);
        (await Queue.LockAsync([later[0].Id, DeliveryId.New(now)], Cancellation)).ShouldBeEmpty();
        await Queue.UnlockAsync([later[0].Id], Cancellation);
        await Queue.RemoveAsync([later[1].Id], Cancellation);
        var passes = Logs.Count(606);
        Queue.Sweep!.WantPass();
        await Eventually.BecomesTrueAsync(() => Task.FromResult(Logs.Count(606) > passes));
    }

    /// <summary>The names of all keys of the server, as text.</summary>
    public async Task<List<string>> KeysAsync()
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(_server);
        var keys = new List<string>();
        await foreach (var key in connection.GetServers()[0].KeysAsync())
            keys.Add(key!);
        return keys;
    }

    public async ValueTask DisposeAsync()
    {
        await Queue.DisposeAsync();
        Meters.Dispose();
    }
}
