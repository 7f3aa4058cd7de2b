using Hookstream.Core.Circuits;
using Hookstream.Core.OperationalEvents;
using Hookstream.Storage.Sqlite.Events;

namespace Hookstream.Storage.Sqlite.OperationalEvents;

/// <summary>The operational events of one operation: written with what they tell of, and told to the queue after the commit.</summary>
internal sealed class OperationalEventWriter(SubscriberCatalog subscribers, LaneSet lanes, long firstDelay)
{
    // Primary keys.
    internal const string FindDelivery =
        """
        select d.event, e.type, s.id, d.attempt_count, d.last_status_code, d.error_code, d.error_message, t.id
        from deliveries d
        join events e on e.tenant = d.tenant and e.id = d.event
        join subscribers s on s.no = d.subscriber
        join tenants t on t.no = d.tenant
        where d.tenant = ?1 and d.id = ?2
        """;

    private readonly List<PreparedAppend> _written = [];

    /// <summary>Begins anew: an operation may run twice.</summary>
    public void Clear() => _written.Clear();

    /// <summary>A delivery has been given up on.</summary>
    public void DeadLettered(DatabaseConnection database, long tenantNo, DeliveryId id, DateTimeOffset now)
    {
        if (!IsWanted(tenantNo, OperationalEvent.DeadLettered))
            return;
        var (tenant, delivery) = database.Prepare(FindDelivery)
            .Bind(1, tenantNo)
            .Bind(2, id.Value)
            .Scalar(row => (new TenantId(row.Guid(7)), new DeadLetteredDelivery(
                id,
                new EventId(row.Guid(0)),
                EventType.FromStore(row.Text(1)),
                new SubscriberId(row.Guid(2)),
                row.Int32(3),
                row.NullableInt32(4),
                row.IsNull(5) ? null : new DeliveryError(row.Text(5), row.Text(6)))));
        if (delivery is not null && OperationalEvent.Of(delivery) is { } told)
            Write(database, tenant, tenantNo, told, now);
    }

    /// <summary>An endpoint has been disabled.</summary>
    public void EndpointDisabled(DatabaseConnection database, SubscriberEntry endpoint, string reason, DateTimeOffset now) =>
        OfEndpoint(database, endpoint, OperationalEvent.EndpointDisabled(endpoint.Id, reason), now);

    /// <summary>The circuit of an endpoint has been written.</summary>
    public void CircuitChanged(
        DatabaseConnection database, SubscriberEntry endpoint, EndpointCircuit before, EndpointCircuit after, DateTimeOffset now)
    {
        if (OperationalEvent.OfCircuit(endpoint.Id, before.OpenedAt, after) is { } told)
            OfEndpoint(database, endpoint, told, now);
    }

    /// <summary>It is committed: what was written is due.</summary>
    public void Committed()
    {
        foreach (var append in _written)
            AppendRows.Signal(lanes, append, firstDelay);
    }

    private void OfEndpoint(DatabaseConnection database, SubscriberEntry endpoint, OperationalEvent told, DateTimeOffset now)
    {
        if (!endpoint.Deleted && IsWanted(endpoint.TenantNo, told.Type))
            Write(database, endpoint.Subscriber.Tenant, endpoint.TenantNo, told, now);
    }

    private bool IsWanted(long tenantNo, EventType type) => subscribers.Of(tenantNo).Match(type).Length > 0;

    private void Write(DatabaseConnection database, TenantId tenant, long tenantNo, OperationalEvent told, DateTimeOffset now)
    {
        var append = new PreparedAppend(
            new NewEvent(tenant, told.Type, told.Payload), tenantNo, subscribers.Of(tenantNo), now, told.About);
        if (append.Matched.Length == 0)
            return;
        AppendRows.Insert(database, append, firstDelay);
        _written.Add(append);
    }
}
