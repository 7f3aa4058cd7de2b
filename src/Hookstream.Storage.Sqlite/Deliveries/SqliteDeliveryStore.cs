using Hookstream.Core.Circuits;
using Hookstream.Core.Diagnoses;
using Hookstream.Core.Paging;
using Hookstream.Core.Recoveries;
using Hookstream.Core.Tracing;
using Hookstream.Storage.Sqlite.OperationalEvents;
using Hookstream.Storage.Sqlite.Queueing;
using Hookstream.Storage.Sqlite.Replays;
using Microsoft.Extensions.Logging;

namespace Hookstream.Storage.Sqlite.Deliveries;

internal sealed class SqliteDeliveryStore(
    GroupCommit writer,
    ReaderPool readers,
    TenantCatalog tenants,
    SubscriberCatalog subscribers,
    LeaseTable leases,
    LaneSet lanes,
    CancellationBacklog backlog,
    DeliveryReplay replay,
    BulkReplay bulk,
    Recovery recovery,
    Func<OperationalEventWriter> operational,
    VerificationMode verification,
    CircuitOptions circuits,
    StoreMetrics metrics,
    TimeProvider time,
    ILogger logger) : IDeliveryStore
{
    internal const string LoadEvent = "select type, payload, timestamp, trace_context from events where tenant = ?1 and id = ?2";

    internal const string FindOne =
        $"""
        {DeliveryRows.Select}
        {DeliveryRows.From}
        {DeliveryRows.Joins}
        where d.tenant = ?1 and d.id = ?2
        """;

    // Index: deliveries_event.
    internal const string OfEvent =
        $"""
        {DeliveryRows.Select}
        {DeliveryRows.FromEvent}
        {DeliveryRows.Joins}
        where d.tenant = ?1 and d.event = ?2
        order by d.id
        """;

    public Task<IReadOnlyList<DeliveryWork>> LoadAsync(IReadOnlyList<Lease> held, CancellationToken cancellation) =>
        readers.ReadAsync<IReadOnlyList<DeliveryWork>>(
            database =>
            {
                var loaded = new List<DeliveryWork>(held.Count);
                foreach (var lease in held)
                {
                    if (leases.Find(lease) is { } entry && Load(database, entry) is { } work)
                        loaded.Add(work);
                }

                return loaded;
            },
            cancellation);

    public EndpointSnapshot? FindOpen(TenantId tenant, SubscriberId subscriber) =>
        subscribers.FindOpen(tenant, subscriber, time.GetUtcNow());

    public Task<IReadOnlyList<int>> SettleAsync(IReadOnlyList<Settlement> settlements, CancellationToken cancellation)
    {
        var operation = new SettleOperation(settlements, subscribers, leases, lanes, backlog, operational(), circuits, metrics, time, logger);
        writer.Enqueue(operation);
        return operation.Completion;
    }

    public Task<DeliveryDetail?> FindAsync(TenantId tenant, DeliveryId id, CancellationToken cancellation) =>
        !tenants.TryGet(tenant, out var owner)
            ? Task.FromResult<DeliveryDetail?>(null)
            : readers.ReadAsync(
                database => database.Prepare(FindOne)
                    .Bind(1, owner.No)
                    .Bind(2, id.Value)
                    .Scalar(row => DeliveryRows.Read(row, subscribers)) is { } delivery
                        ? new DeliveryDetail(delivery, AttemptRows.ReadAll(database, id))
                        : null,
                cancellation);

    public Task<IReadOnlyList<DeliveryDetail>> OfEventAsync(
        TenantId tenant, EventId id, CancellationToken cancellation) =>
        !tenants.TryGet(tenant, out var owner)
            ? Task.FromResult<IReadOnlyList<DeliveryDetail>>([])
            : readers.ReadAsync<IReadOnlyList<DeliveryDetail>>(
                database => database.Prepare(OfEvent)
                    .Bind(1, owner.No)
                    .Bind(2, id.Value)
                    .ReadAll(row => DeliveryRows.Read(row, subscribers))
                    .ConvertAll(delivery => new DeliveryDetail(delivery, AttemptRows.ReadAll(database, delivery.Id))),
                cancellation);

    public async Task<Page<Delivery>> ListAsync(
        TenantId tenant, DeliveryQuery query, PageRequest page, CancellationToken cancellation) =>
        tenants.TryGet(tenant, out var owner)
            ? await readers.ReadAsync(database => List(database, owner.No, query, page), cancellation)
            : new Page<Delivery>([], null);

    public async Task<RecentFailures> FindFailuresAsync(
        TenantId tenant, SubscriberId subscriber, int limit, CancellationToken cancellation) =>
        tenants.TryGet(tenant, out var owner)
            ? await readers.ReadAsync(database => FailureRows.Find(database, owner.No, subscriber, limit), cancellation)
            : RecentFailures.None;

    public async Task<DeliveryOutcome> ReplayAsync(TenantId tenant, DeliveryId id, CancellationToken cancellation) =>
        tenants.TryGet(tenant, out var owner)
            ? await WithDeliveryAsync(tenant, id, await replay.DeliveryAsync(owner, id), cancellation)
            : new DeliveryOutcome(ReplayOutcome.NotFound, null);

    public async Task<DeliveryOutcome> CancelAsync(TenantId tenant, DeliveryId id, CancellationToken cancellation) =>
        tenants.TryGet(tenant, out var owner)
            ? await WithDeliveryAsync(tenant, id, await replay.CancelAsync(owner, id), cancellation)
            : new DeliveryOutcome(ReplayOutcome.NotFound, null);

    public async Task<long> ReplayAllAsync(
        TenantId tenant, DeliveryQuery query, bool dryRun, CancellationToken cancellation) =>
        tenants.TryGet(tenant, out var owner) ? await bulk.AcceptAsync(owner, query, dryRun, cancellation) : 0;

    public async Task<RecoveryResult> RecoverAsync(
        TenantId tenant, SubscriberId subscriber, RecoveryWindow window, CancellationToken cancellation) =>
        tenants.TryGet(tenant, out var owner)
            ? await recovery.AcceptAsync(owner, subscriber, window, cancellation)
            : new RecoveryResult(RecoveryOutcome.NotFound, 0);

    private static DeliveryWork? Load(DatabaseConnection database, LeaseEntry entry)
    {
        var row = database.Prepare(LoadEvent).Bind(1, entry.Lane.Entry.TenantNo).Bind(2, entry.Event.Value);
        if (!row.Step())
            return null;
        var work = new DeliveryWork
        {
            Lease = entry.Lease,
            Endpoint = entry.Lane.Entry.Snapshot,
            Event = entry.Event,
            EventType = EventType.FromStore(row.Text(0)),
            Payload = row.Blob(1).ToArray(),
            EventTimestamp = row.Time(2),
            AttemptCount = entry.AttemptCount,
            Failures = entry.Failures,
            Trigger = entry.Trigger,
            WaitingSince = entry.WaitingSince,
            LostLeases = entry.LostLeases,
            Trace = TraceContext.FromText(row.NullableText(3)),
        };
        row.Reset();
        return work;
    }

    private Page<Delivery> List(DatabaseConnection database, long tenantNo, DeliveryQuery query, PageRequest page)
    {
        using var statement = DeliveryList.Prepare(database, tenantNo, query, verification, backlog.IsBusy, page);
        return statement.ReadPage(page.Limit, row => DeliveryRows.Read(row, subscribers), delivery => delivery.Id.Value);
    }

    private async Task<DeliveryOutcome> WithDeliveryAsync(
        TenantId tenant, DeliveryId id, ReplayOutcome outcome, CancellationToken cancellation) =>
        new(outcome, (await FindAsync(tenant, id, cancellation))?.Delivery);
}
