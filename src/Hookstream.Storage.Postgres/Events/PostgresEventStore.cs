using Hookstream.Core.Paging;
using Hookstream.Storage.Postgres.Replays;

namespace Hookstream.Storage.Postgres.Events;

internal sealed class PostgresEventStore(
    AppendWriters writers,
    EventReading reading,
    DeliveryReplay replay,
    TenantCatalog tenants,
    SubscriberCatalog subscribers,
    StoreClock clock) : IEventStore
{
    public async ValueTask<AppendResult> AppendAsync(NewEvent appended, CancellationToken cancellation)
    {
        var prepared = Prepare(appended);
        await WriteAsync([prepared]);
        return prepared.Result;
    }

    public async ValueTask<AppendResult[]> AppendAsync(
        IReadOnlyList<NewEvent> appended, CancellationToken cancellation)
    {
        var prepared = appended.Select(Prepare).ToArray();
        await WriteAsync(prepared);
        return [.. prepared.Select(append => append.Result)];
    }

    public async Task<EventRecord?> FindAsync(TenantId tenant, EventId id, CancellationToken cancellation) =>
        tenants.TryGet(tenant, out var owner) ? await reading.FindAsync(owner.No, id, cancellation) : null;

    public async Task<Page<EventRecord>> ListAsync(
        TenantId tenant, EventQuery query, PageRequest page, CancellationToken cancellation) =>
        tenants.TryGet(tenant, out var owner)
            ? await reading.ListAsync(owner.No, query, page, cancellation)
            : new Page<EventRecord>([], null);

    public async Task<EventReplayResult> ReplayAsync(
        TenantId tenant, EventId id, SubscriberId? subscriber, CancellationToken cancellation)
    {
        if (!tenants.TryGet(tenant, out var owner))
            return new EventReplayResult(ReplayOutcome.NotFound, 0);
        return subscriber is { } one
            ? await replay.EventToAsync(owner.No, id, one, cancellation)
            : await replay.EventAsync(owner.No, id, cancellation);
    }

    private PreparedAppend Prepare(NewEvent appended)
    {
        if (!tenants.TryGet(appended.Tenant, out var owner))
            throw new StoreUnavailableException("the tenant has been deleted");
        return new PreparedAppend(appended, owner.No, subscribers.Of(owner.No), clock.Now());
    }

    // Once queued, an append is committed or refused; the caller's cancellation cannot leave it in doubt.
    private Task WriteAsync(PreparedAppend[] appends)
    {
        var operation = new AppendOperation(appends);
        return writers.TryEnqueue(operation)
            ? operation.Completion
            : throw new StoreUnavailableException("more events wait to be stored than the store can take");
    }
}
