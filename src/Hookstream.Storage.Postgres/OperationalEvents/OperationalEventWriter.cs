using Hookstream.Core.Circuits;
using Hookstream.Core.OperationalEvents;
using Hookstream.Storage.Postgres.Events;
using Npgsql;

namespace Hookstream.Storage.Postgres.OperationalEvents;

/// <summary>
/// Writes operational events in the transaction of what they tell of, and tells the queue after the commit. Whom they go to is
/// known from this node's catalog, which is a moment behind the others'.
/// </summary>
internal sealed class OperationalEventWriter(
    TenantCatalog tenants, SubscriberCatalog subscribers, AppendPublisher publisher, TimeSpan firstDelay, StoreClock clock)
{
    // Primary key, of the partitions of these ids.
    internal const string FindDeliveries =
        """
        select d.id, d.event, d.event_type, s.id, d.attempt_count, d.last_status_code, d.error_code, d.error_message, t.id
        from deliveries d
        join subscribers s on s.no = d.subscriber
        join tenants t on t.no = d.tenant
        where d.id = any ($1)
        order by d.id
        """;

    /// <summary>True when somebody may want to know what comes of an outcome, which then needs a transaction around it.</summary>
    public bool MayTell(Settlement settlement) =>
        (settlement.Disposition == Disposition.DeadLetter && IsWanted(settlement.Lease.Tenant, OperationalEvent.DeadLettered))
        || (settlement.DisableEndpointReason is not null && IsWantedOf(settlement.Lease, OperationalEvent.Disabled))
        || MayTellOfCircuit(settlement);

    /// <summary>What is to be told of deliveries that have just been given up on.</summary>
    public async Task<IEnumerable<PreparedAppend>> OfDeadLettersAsync(
        NpgsqlConnection connection, IReadOnlyList<DeliveryId> deadLettered, CancellationToken cancellation)
    {
        if (deadLettered.Count == 0)
            return [];
        var deliveries = await connection.Command(FindDeliveries)
            .Bind([.. deadLettered.Select(id => id.Value)])
            .ReadAllAsync(ReadDelivery, cancellation);
        return deliveries.SelectMany(dead => OperationalEvent.Of(dead.Delivery) is { } told ? Prepare(dead.Tenant, told) : []);
    }

    /// <summary>What is to be told of an endpoint.</summary>
    public IEnumerable<PreparedAppend> OfEndpoint(TenantId tenant, OperationalEvent told) => Prepare(tenant, told);

    /// <summary>What is to be told of a circuit.</summary>
    public IEnumerable<PreparedAppend> OfCircuit(
        TenantId tenant, SubscriberId subscriber, DateTimeOffset? openedBefore, EndpointCircuit after) =>
        OperationalEvent.OfCircuit(subscriber, openedBefore, after) is { } told ? Prepare(tenant, told) : [];

    /// <summary>Writes what is to be told; null when it is nothing.</summary>
    public async Task<AppendWrite?> WriteAsync(NpgsqlConnection connection, IReadOnlyList<PreparedAppend> told)
    {
        if (told.Count == 0)
            return null;
        var write = new AppendWrite(told, firstDelay);
        await using var batch = new NpgsqlBatch(connection);
        // For the time alone: what changes gates moves the tenant's version on in the same transaction.
        AppendStatements.AddAssert(batch, [], clock);
        AppendStatements.AddPlain(batch, write.Offered, write.Deliveries, clock);
        await write.WriteAsync(batch);
        return write;
    }

    /// <summary>It is committed: what was written is due.</summary>
    public async ValueTask PublishAsync(AppendWrite? write)
    {
        if (write is null)
            return;
        write.Resolve();
        await publisher.PublishAsync(write);
    }

    private static (TenantId Tenant, DeadLetteredDelivery Delivery) ReadDelivery(NpgsqlDataReader row) => (
        new TenantId(row.GetGuid(8)),
        new DeadLetteredDelivery(
            new DeliveryId(row.GetGuid(0)),
            new EventId(row.GetGuid(1)),
            EventType.FromStore(row.GetString(2)),
            new SubscriberId(row.GetGuid(3)),
            row.GetInt32(4),
            row.NullableInt32(5),
            row.IsDBNull(6) ? null : new DeliveryError(row.GetString(6), row.GetString(7))));

    // Any failure may be the one that opens it: how many there were is known in the transaction alone.
    private bool MayTellOfCircuit(Settlement settlement) =>
        settlement.MayChangeCircuit
        && settlement.Signal switch
        {
            CircuitSignal.Failure => !settlement.Lease.IsProbe && IsWantedOf(settlement.Lease, OperationalEvent.CircuitOpened),
            CircuitSignal.Success => settlement.Lease.IsProbe && IsWantedOf(settlement.Lease, OperationalEvent.CircuitClosed),
            _ => false,
        };

    private bool IsWantedOf(Lease lease, EventType type) =>
        tenants.TryGet(lease.Tenant, out var owner)
        && subscribers.Of(owner.No).Match(type).Any(entry => entry.Id != lease.Subscriber);

    private bool IsWanted(TenantId tenant, EventType type) =>
        tenants.TryGet(tenant, out var owner) && subscribers.Of(owner.No).Match(type).Length > 0;

    private PreparedAppend[] Prepare(TenantId tenant, OperationalEvent told)
    {
        if (!tenants.TryGet(tenant, out var owner))
            return [];
        var append = new PreparedAppend(
            new NewEvent(tenant, told.Type, told.Payload), owner.No, subscribers.Of(owner.No), clock.Now(), told.About);
        return append.Matched.Length > 0 ? [append] : [];
    }
}
