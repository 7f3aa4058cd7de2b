using System.Text;

namespace Hookstream.Conformance.Stores;

/// <summary>
/// What every suite shares: a fresh store for each test, a clock that the test owns, and the few steps most tests begin with.
/// </summary>
public abstract class StoreSuite : IAsyncLifetime
{
    /// <summary>A signal that does not come within this real time never comes; no test measures by it.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    protected static readonly TimeSpan LeaseDuration = TimeSpan.FromSeconds(60);

    /// <summary>How long a challenge that was taken is kept from others.</summary>
    protected static readonly TimeSpan Hold = TimeSpan.FromMinutes(2);

    private StoreUnderTest? _store;

    protected FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    protected StoreUnderTest Store =>
        _store ?? throw new InvalidOperationException("the store is made before each test; was InitializeAsync overridden?");

    protected DateTimeOffset Now => Time.GetUtcNow();

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Makes a back end without any data.</summary>
    /// <param name="time">The clock that decides.</param>
    /// <param name="verification">The least verification that subscribers of this deployment need.</param>
    protected abstract Task<StoreUnderTest> CreateAsync(TimeProvider time, VerificationMode verification);

    public virtual async ValueTask InitializeAsync() => _store = await CreateAsync(Time, VerificationMode.Optional);

    public async ValueTask DisposeAsync()
    {
        if (_store is not null)
            await _store.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Time goes on a little, so that what is made next is newer than what was made before.</summary>
    protected void Tick() => Time.Advance(TimeSpan.FromMilliseconds(5));

    protected async Task<TenantId> NewTenantAsync(string name = "acme")
    {
        var outcome = await Store.Tenants.CreateAsync(new TenantSettings(name, null, null, false), Cancellation);
        return outcome.Tenant.ShouldNotBeNull().Id;
    }

    protected static EventType TypeOf(string text) =>
        EventType.TryParse(text, out var type) ? type : throw new ArgumentException($"not an event type: {text}", nameof(text));

    protected static EventFilter FilterOf(string text) =>
        EventFilter.TryParse(text, out var filter) ? filter! : throw new ArgumentException($"not a filter: {text}", nameof(text));

    protected static SubscriberSettings SettingsOf(params string[] filters) => new()
    {
        Url = new Uri("https://receiver.example/hooks"),
        Events = [.. filters.Select(FilterOf)],
    };

    protected Task<Subscriber> SubscribeAsync(TenantId tenant, params string[] filters) =>
        SubscribeAsync(tenant, SettingsOf(filters.Length == 0 ? ["*"] : filters));

    protected Task<Subscriber> SubscribeAsync(TenantId tenant, SubscriberSettings settings) =>
        Store.Subscribers.CreateAsync(tenant, settings, SigningSecret.Generate(), Cancellation);

    protected static NewEvent NewEventOf(
        TenantId tenant,
        string type = "order.paid",
        string payload = """{"amount":42}""",
        EventPriority priority = EventPriority.Normal,
        string? key = null) =>
        new(tenant, TypeOf(type), Encoding.UTF8.GetBytes(payload), priority, key);

    protected async Task<AppendResult> AppendAsync(
        TenantId tenant, string type = "order.paid", EventPriority priority = EventPriority.Normal, string? key = null)
    {
        var result = await Store.Events.AppendAsync(NewEventOf(tenant, type, priority: priority, key: key), Cancellation);
        result.Outcome.ShouldBe(AppendOutcome.Accepted);
        return result;
    }

    protected async Task AppendManyAsync(TenantId tenant, int count, EventPriority priority = EventPriority.Normal)
    {
        foreach (var chunk in Enumerable.Range(0, count).Chunk(500))
        {
            var results = await Store.Events.AppendAsync(
                [.. chunk.Select(i => NewEventOf(tenant, payload: $$"""{"n":{{i}}}""", priority: priority))], Cancellation);
            results.ShouldAllBe(result => result.Outcome == AppendOutcome.Accepted);
        }
    }

    /// <summary>Makes a subscriber and one event for it.</summary>
    protected async Task<(Subscriber Subscriber, Delivery Delivery)> DeliverableAsync(
        TenantId tenant, SubscriberSettings? settings = null)
    {
        var subscriber = await SubscribeAsync(tenant, settings ?? SettingsOf("*"));
        Tick();
        var appended = await AppendAsync(tenant);
        var details = await Store.Deliveries.OfEventAsync(tenant, appended.Id, Cancellation);
        return (subscriber, details.Select(detail => detail.Delivery).Single(delivery => delivery.Subscriber == subscriber.Id));
    }

    protected Task<IReadOnlyList<Lease>> ClaimAsync(
        int slots = 100,
        int perEndpoint = 100,
        TimeSpan? lease = null,
        IReadOnlyDictionary<SubscriberId, int>? free = null) =>
        Store.Queue.ClaimAsync(
            new ClaimRequest(slots, perEndpoint, free ?? new Dictionary<SubscriberId, int>(), lease ?? LeaseDuration),
            Cancellation);

    protected async Task<Lease> ClaimOneAsync() => (await ClaimAsync(slots: 1)).ShouldHaveSingleItem();

    protected async Task<DeliveryWork> LoadOneAsync(Lease lease) =>
        (await Store.Deliveries.LoadAsync([lease], Cancellation)).ShouldHaveSingleItem();

    protected async Task<DeliveryDetail> ReadAsync(TenantId tenant, DeliveryId id) =>
        (await Store.Deliveries.FindAsync(tenant, id, Cancellation)).ShouldNotBeNull();

    protected Task<IReadOnlyList<int>> SettleAsync(params Settlement[] settlements) => Store.Deliveries.SettleAsync(settlements, Cancellation);

    protected Settlement DeliveredOf(Lease lease, int number = 1) => new()
    {
        Lease = lease,
        Attempt = AttemptOf(number, AttemptOutcome.Delivered, 200),
        Disposition = Disposition.Delivered,
    };

    protected Settlement RetryOf(Lease lease, TimeSpan wait, int number = 1) => new()
    {
        Lease = lease,
        Attempt = AttemptOf(number, AttemptOutcome.HttpStatus, 500),
        Disposition = Disposition.Retry,
        RetryIn = wait,
        Error = new DeliveryError("http_status", "the endpoint answered 500"),
    };

    protected Settlement DeadLetterOf(Lease lease, int number = 1) => new()
    {
        Lease = lease,
        Attempt = AttemptOf(number, AttemptOutcome.HttpStatus, 500),
        Disposition = Disposition.DeadLetter,
        Error = new DeliveryError("http_status", "the endpoint answered 500"),
    };

    protected Settlement GoneOf(Lease lease) => new()
    {
        Lease = lease,
        Attempt = AttemptOf(1, AttemptOutcome.HttpStatus, 410),
        Disposition = Disposition.DeadLetter,
        Error = new DeliveryError("gone", "the endpoint answered 410 Gone"),
        DisableEndpointReason = "the endpoint answered 410 Gone",
    };

    protected Attempt AttemptOf(int number, AttemptOutcome outcome, int? statusCode = null) => new()
    {
        Id = AttemptId.New(Now),
        Number = number,
        Trigger = AttemptTrigger.Schedule,
        StartedAt = Now,
        Duration = TimeSpan.FromMilliseconds(12),
        Outcome = outcome,
        StatusCode = statusCode,
        Error = outcome == AttemptOutcome.Delivered ? null : $"the attempt ended as {outcome}",
        RequestHeaders = """{"content-type":"application/json"}"""u8.ToArray(),
        ResponseHeaders = statusCode is null ? default : """{"server":"test"}"""u8.ToArray(),
        ResponseBody = statusCode is null ? (ReadOnlyMemory<byte>?)null : "ok"u8.ToArray(),
    };

    /// <summary>Claims whatever is due, once, and brings it all to the end that <paramref name="settle"/> gives it.</summary>
    protected async Task<IReadOnlyList<Lease>> SettleAllDueAsync(Func<Lease, Settlement> settle)
    {
        var all = new List<Lease>();
        while (await ClaimAsync(slots: 500, perEndpoint: 500) is { Count: > 0 } leases)
        {
            await Store.Deliveries.SettleAsync([.. leases.Select(settle)], Cancellation);
            all.AddRange(leases);
        }

        return all;
    }

    /// <summary>
    /// Claims until a wait does not end by itself: what happened before is then seen, and only what comes next can end it.
    /// </summary>
    protected async Task<Task> BeginWaitAsync()
    {
        for (var i = 0; i < 50; i++)
        {
            (await ClaimAsync()).ShouldBeEmpty();
            var wait = Store.Queue.WaitAsync(Cancellation);
            await Task.WhenAny(wait, Task.Delay(TimeSpan.FromMilliseconds(20), Cancellation));
            if (!wait.IsCompleted)
                return wait;
            await wait;
        }

        throw new InvalidOperationException("the wait ended 50 times although nothing happened: a worker would spin");
    }

    /// <summary>Restarts the back end, and lets the leases of the process before end, where they outlive it.</summary>
    protected async Task ReopenAfterLeasesAsync()
    {
        await Store.ReopenAsync();
        if (Store.LeasesOutliveProcess)
            Time.Advance(LeaseDuration + TimeSpan.FromSeconds(1));
    }

    protected async Task RunBacklogToTheEndAsync()
    {
        for (var chunk = 0; await Store.Maintenance.RunBacklogAsync(Cancellation); chunk++)
            chunk.ShouldBeLessThan(100_000, "the backlog never came to an end");
    }

    /// <summary>Follows the pages of a list to its end.</summary>
    protected static async Task<List<T>> AllPagesAsync<T>(int limit, Func<PageRequest, Task<Page<T>>> list)
    {
        var all = new List<T>();
        Guid? after = null;
        do
        {
            var page = await list(new PageRequest(limit, after));
            page.Items.Count.ShouldBeLessThanOrEqualTo(limit);
            all.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null);
        return all;
    }
}
