namespace Hookstream.Queue.Redis.Tests.Queueing;

/// <summary>What tests of the queue share: keys of their own on a real server, a clock that the test owns, and a fake store.</summary>
public abstract class QueueTests(SharedRedis redis) : IAsyncLifetime
{
    protected static readonly TimeSpan LeaseDuration = TimeSpan.FromSeconds(60);

    private RedisQueue? _queue;

    internal RecordedLog Logs { get; } = new();

    internal FakeSource Source { get; } = new();

    protected FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    protected string Prefix { get; } = $"test-{Guid.NewGuid():N}";

    protected DateTimeOffset Now => Time.GetUtcNow();

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected RedisQueue Queue => _queue ?? throw new InvalidOperationException("the queue is made before each test");

    protected virtual int LaneBound => 10_000;

    /// <summary>With so many in all a lane holds a tenth of <see cref="LaneBound"/>.</summary>
    protected virtual int Crowd => 1_000_000;

    public async ValueTask InitializeAsync() => _queue = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        if (_queue is not null)
            await _queue.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Another process with the same store and the same Redis.</summary>
    protected async Task<RedisQueue> OpenAsync()
    {
        RedisUrl.TryParse(redis.Url, out var server).ShouldBeTrue();
        var queue = await RedisQueue.OpenAsync(
            new RedisQueueOptions
            {
                Server = server,
                Prefix = Prefix,
                LaneBound = LaneBound,
                CrowdedLaneBound = LaneBound / 10,
                Crowd = Crowd,
                ProcessClock = true,
                LeaseGrace = TimeSpan.Zero,
                SlowPasses = false,
                Timeout = Patience.Limit,
            },
            Time,
            Logs);
        await queue.AttachAsync(Source, Time, Cancellation);
        return queue;
    }

    protected async Task<List<DeliveryId>> DrainAsync(int slots, int count)
    {
        var order = new List<DeliveryId>();
        await Eventually.BecomesTrueAsync(async () =>
        {
            var leases = await ClaimAsync(Math.Min(slots, count - order.Count));
            // As a worker does: what the store has finished was read before that, and is given back.
            var waiting = leases.Where(lease => Source.Rows.ContainsKey(lease.Delivery)).ToList();
            await Queue.ReleaseAsync([.. leases.Except(waiting)], Cancellation);
            order.AddRange(waiting.Select(lease => lease.Delivery));
            await DeliverAsync(waiting);
            if (leases.Count == 0)
                Time.Advance(TimeSpan.FromSeconds(1));
            return order.Count >= count;
        });
        return order;
    }

    protected Task<IReadOnlyList<Lease>> ClaimAsync(
        int slots = 100, int perEndpoint = 100, TimeSpan? lease = null, IReadOnlyDictionary<SubscriberId, int>? free = null) =>
        Queue.ClaimAsync(
            new ClaimRequest(slots, perEndpoint, free ?? new Dictionary<SubscriberId, int>(), lease ?? LeaseDuration),
            Cancellation);

    protected async Task<Lease> ClaimOneAsync() => (await ClaimAsync(slots: 1)).ShouldHaveSingleItem();

    /// <summary>Commits deliveries and tells the queue.</summary>
    protected async Task EnqueueAsync(params QueuedDelivery[] deliveries)
    {
        Source.Add(deliveries);
        await Queue.EnqueueAsync(deliveries, Cancellation);
    }

    /// <summary>Delivers what is leased.</summary>
    protected async Task DeliverAsync(params IReadOnlyList<Lease> leases)
    {
        foreach (var lease in leases)
            Source.Rows.TryRemove(lease.Delivery, out _);
        await Queue.SettledAsync(leases, [], Cancellation);
    }
}
