using Hookstream.Storage.Postgres.Queueing;
using Hookstream.Storage.Postgres.Subscribers;
using Npgsql;
using NpgsqlTypes;

namespace Hookstream.Storage.Postgres.Deliveries;

/// <summary>
/// Loads what is to be sent: what came with the claim, or, where a queue apart from the store handed it out, what the store
/// has of it. The queue's picture may be old; where it is, it is told, so that it does not hand out the same again.
/// </summary>
internal sealed class WorkLoading(
    Sessions sessions,
    SubscriberCatalog subscribers,
    ClaimedRows claimedRows,
    EndpointHolds holds,
    QueueSource source,
    IQueueMirror? mirror)
{
    // Primary keys; the version tells whether it has moved on since it was queued. The days of events before $2 are left out when it
    // begins: to make ready for all thirty costs as much as a quarter of a hundred rows.
    internal const string Rows =
        """
        select u.id, u.event, u.event_type, u.subscriber, u.class, u.version, u.attempt_count, u.failures, u.trigger,
            u.waiting_since, u.lease_losses, u.due, e.payload, e."timestamp", e.trace_context
        from unfinished u
        left join lateral (
            select payload, "timestamp", trace_context from events where id = u.event and id >= $2 limit 1) e on true
        where u.id = any ($1)
        """;

    private const int Payload = 12;

    // Index: subscribers_id_key. Of the endpoints that the leases name, which are few for many rows.
    internal const string Gates =
        $"""
        select s.no, t.id, s.id, {GateConditions.IsShut}, s.circuit_opened_at is not null
        from subscribers s
        join tenants t on t.no = s.tenant
        where s.id = any ($1)
        """;

    public async Task<IReadOnlyList<DeliveryWork>> LoadAsync(IReadOnlyList<Lease> leases, CancellationToken cancellation)
    {
        // Nothing came with a claim that was not the store's.
        if (mirror is not null)
            return await ReadAsync(leases, cancellation);

        var works = new List<DeliveryWork>(leases.Count);
        var missing = new List<Lease>();
        foreach (var lease in leases)
        {
            if (!subscribers.TryGet(lease.Tenant, lease.Subscriber, out var entry))
                missing.Add(lease);
            else if (claimedRows.Take(lease) is { } row)
                works.Add(row.ToWork(lease, entry.Snapshot));
            else
                missing.Add(lease);
        }

        if (missing.Count > 0)
            works.AddRange(await ReadAsync(missing, cancellation));
        return works;
    }

    private Task<List<DeliveryWork>> ReadAsync(IReadOnlyList<Lease> leases, CancellationToken cancellation) =>
        leases.Count == 0
            ? Task.FromResult<List<DeliveryWork>>([])
            : ReadAsync(leases, EarliestOf(leases), cancellation);

    private async Task<List<DeliveryWork>> ReadAsync(IReadOnlyList<Lease> leases, Guid earliest, CancellationToken cancellation)
    {
        var (rows, gates) = await sessions.Hot.ReadAsync(
            connection => QueryAsync(connection, leases, earliest, cancellation), cancellation);
        var works = new List<DeliveryWork>(leases.Count);
        var older = new List<Lease>();
        var gone = new List<DeliveryId>();
        var misplaced = new List<DeliveryId>();
        var moved = new List<QueuedDelivery>();
        var shut = new HashSet<long>();
        foreach (var lease in leases)
        {
            if (!rows.TryGetValue(lease.Delivery, out var row) || (row is null && earliest == Guid.Empty))
                gone.Add(lease.Delivery);
            else if (row is null)
                older.Add(lease);
            else if (!gates.TryGetValue(row.SubscriberNo, out var gate) || !gate.IsOf(lease))
                misplaced.Add(lease.Delivery);
            else if (row.Version != lease.Version)
                moved.Add(new QueuedDelivery(lease.Delivery, lease.Tenant, lease.Subscriber, row.Class, row.Due, row.Version));
            else if (gate.IsShut || (gate.CircuitIsOpen && !lease.IsProbe))
                shut.Add(row.SubscriberNo);
            else if (gate.Endpoint is { } endpoint)
                works.Add(row.ToWork(lease, endpoint));
        }

        if (mirror is not null)
            await TellAsync(mirror, shut, gone, misplaced, moved, cancellation);
        if (older.Count > 0)
            works.AddRange(await ReadAsync(older, Guid.Empty, cancellation));
        return works;
    }

    // A delivery is made with its event; only what a recovery made may be of a later day.
    private static Guid EarliestOf(IReadOnlyList<Lease> leases) =>
        PartitionSet.FirstIdOf(PartitionSet.DayOf(leases.Min(lease => lease.Delivery.Value)));

    private async Task TellAsync(
        IQueueMirror queue,
        HashSet<long> shut,
        List<DeliveryId> gone,
        List<DeliveryId> misplaced,
        List<QueuedDelivery> moved,
        CancellationToken cancellation)
    {
        // A delivery never changes its endpoint: the queue has another one than the store, under a version that it would keep. Taken
        // out first, it is entered as the store has it.
        if (misplaced.Count > 0)
        {
            gone.AddRange(misplaced);
            moved.AddRange(await source.ReadAsync([.. misplaced.Select(id => id.Value)], cancellation));
        }

        await holds.PublishAsync(shut, cancellation);
        if (gone.Count > 0)
            await queue.RemoveAsync(gone, cancellation);
        if (moved.Count > 0)
            await queue.EnqueueAsync(moved, cancellation);
    }

    // The gates are read after the rows: what is shut before the answer says so is not sent. A row is null where its event is older
    // than the earliest.
    private async Task<(Dictionary<DeliveryId, ClaimedRow?> Rows, Dictionary<long, Gate> Gates)> QueryAsync(
        NpgsqlConnection connection, IReadOnlyList<Lease> leases, Guid earliest, CancellationToken cancellation)
    {
        var endpoints = leases.Select(lease => lease.Subscriber.Value).Distinct().ToArray();
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(Rows).BindArray(NpgsqlDbType.Uuid, leases, lease => lease.Delivery.Value).Bind(NpgsqlDbType.Uuid, earliest);
        batch.Add(Gates).Bind(NpgsqlDbType.Array | NpgsqlDbType.Uuid, endpoints);
        cancellation.ThrowIfCancellationRequested();
        await using var reader = await batch.ExecuteReaderAsync(CancellationToken.None);
        var rows = new Dictionary<DeliveryId, ClaimedRow?>(leases.Count);
        while (await reader.ReadAsync(CancellationToken.None))
            rows.Add(new DeliveryId(reader.GetGuid(0)), reader.IsDBNull(Payload) ? null : ClaimedRow.Read(reader));
        await reader.NextResultAsync(CancellationToken.None);
        var gates = new Dictionary<long, Gate>(endpoints.Length);
        while (await reader.ReadAsync(CancellationToken.None))
            gates.Add(reader.GetInt64(0), ReadGate(reader));
        return (rows, gates);
    }

    private Gate ReadGate(NpgsqlDataReader row)
    {
        var tenant = new TenantId(row.GetGuid(1));
        var subscriber = new SubscriberId(row.GetGuid(2));
        return new Gate(
            tenant,
            subscriber,
            row.GetBoolean(3),
            row.GetBoolean(4),
            subscribers.TryGet(tenant, subscriber, out var entry) ? entry.Snapshot : null);
    }

    // The endpoint is null where this process does not know it yet.
    private readonly record struct Gate(
        TenantId Tenant, SubscriberId Subscriber, bool IsShut, bool CircuitIsOpen, EndpointSnapshot? Endpoint)
    {
        public bool IsOf(in Lease lease) => lease.Subscriber == Subscriber && lease.Tenant == Tenant;
    }
}
