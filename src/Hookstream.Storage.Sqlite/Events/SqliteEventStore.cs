using Hookstream.Core.Paging;
using Hookstream.Core.Retries;
using Hookstream.Storage.Sqlite.Replays;
using Microsoft.Extensions.Logging;

namespace Hookstream.Storage.Sqlite.Events;

internal sealed class SqliteEventStore(
    GroupCommit writer,
    ReaderPool readers,
    TenantCatalog tenants,
    SubscriberCatalog subscribers,
    LaneSet lanes,
    DeliveryReplay replay,
    RetrySchedule schedule,
    TimeProvider time,
    ILogger logger) : IEventStore
{
    // Primary key: by time within a tenant.
    private const string Find =
        $"select {EventRows.Columns}, payload from events where tenant = ?1 and id = ?2";

    private readonly long _firstDelay = (long)schedule.Delays[0].TotalMilliseconds;

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

    public Task<EventRecord?> FindAsync(TenantId tenant, EventId id, CancellationToken cancellation) =>
        !tenants.TryGet(tenant, out var owner)
            ? Task.FromResult<EventRecord?>(null)
            : readers.ReadAsync(
                database => database.Prepare(Find)
                    .Bind(1, owner.No)
                    .Bind(2, id.Value)
                    .Scalar(row => EventRows.Read(row, withPayload: true)),
                cancellation);

    public async Task<Page<EventRecord>> ListAsync(
        TenantId tenant, EventQuery query, PageRequest page, CancellationToken cancellation) =>
        tenants.TryGet(tenant, out var owner)
            ? await readers.ReadAsync(database => EventList.Read(database, owner.No, query, page), cancellation)
            : new Page<EventRecord>([], null);

    public async Task<EventReplayResult> ReplayAsync(
        TenantId tenant, EventId id, SubscriberId? subscriber, CancellationToken cancellation)
    {
        if (!tenants.TryGet(tenant, out var owner))
            return new EventReplayResult(ReplayOutcome.NotFound, 0);
        return subscriber is { } one
            ? await replay.EventToAsync(owner, id, one)
            : await replay.EventAsync(owner, id);
    }

    private PreparedAppend Prepare(NewEvent appended)
    {
        if (!tenants.TryGet(appended.Tenant, out var owner))
            throw new StoreUnavailableException("the tenant has been deleted");
        return new PreparedAppend(appended, owner.No, subscribers.Of(owner.No), time.Now());
    }

    // Once queued, an append is committed or refused; the caller's cancellation cannot leave it in doubt.
    private Task WriteAsync(PreparedAppend[] appends)
    {
        var operation = new AppendOperation(appends, subscribers, lanes, _firstDelay, logger);
        return writer.TryEnqueue(operation)
            ? operation.Completion
            : throw new StoreUnavailableException("more events wait to be stored than the store can take");
    }
}
