namespace Hookstream.Api.Tests.Doubles;

internal sealed class EventStore(TimeProvider clock) : IEventStore
{
    private readonly List<(TenantId Tenant, EventRecord Record)> _events = [];

    /// <summary>What appending does instead, when set.</summary>
    public Func<NewEvent, AppendResult>? OnAppend { get; set; }

    public List<NewEvent> Appended { get; } = [];

    public ReplayOutcome NextReplay { get; set; } = ReplayOutcome.Accepted;

    public ValueTask<AppendResult> AppendAsync(NewEvent appended, CancellationToken cancellation)
    {
        if (OnAppend is not null)
            return new ValueTask<AppendResult>(OnAppend(appended));
        Appended.Add(appended);
        var now = clock.GetUtcNow();
        var id = EventId.New(now);
        _events.Add((appended.Tenant, new EventRecord(
            id, appended.Type, appended.Payload.ToArray(), appended.IdempotencyKey, appended.Priority, appended.Timestamp ?? now, now)));
        return new ValueTask<AppendResult>(new AppendResult(AppendOutcome.Accepted, id, 2));
    }

    public async ValueTask<AppendResult[]> AppendAsync(IReadOnlyList<NewEvent> appended, CancellationToken cancellation)
    {
        var results = new List<AppendResult>();
        foreach (var one in appended)
            results.Add(await AppendAsync(one, cancellation));
        return [.. results];
    }

    public Task<EventRecord?> FindAsync(TenantId tenant, EventId id, CancellationToken cancellation) =>
        Task.FromResult(_events.Where(entry => entry.Tenant == tenant && entry.Record.Id == id)
            .Select(entry => entry.Record).FirstOrDefault());

    public Task<Page<EventRecord>> ListAsync(
        TenantId tenant, EventQuery query, PageRequest page, CancellationToken cancellation) =>
        Task.FromResult(Pages.Of(
            _events.Where(entry => entry.Tenant == tenant && (query.Type is null || query.Type == entry.Record.Type))
                .Select(entry => entry.Record with { Payload = null }),
            record => record.Id.Value,
            page));

    public Task<EventReplayResult> ReplayAsync(
        TenantId tenant, EventId id, SubscriberId? subscriber, CancellationToken cancellation) =>
        Task.FromResult(_events.Exists(entry => entry.Tenant == tenant && entry.Record.Id == id)
            ? new EventReplayResult(NextReplay, 1)
            : new EventReplayResult(ReplayOutcome.NotFound, 0));
}
