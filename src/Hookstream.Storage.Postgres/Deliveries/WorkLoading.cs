using Hookstream.Storage.Postgres.Queueing;
using Hookstream.Storage.Postgres.Subscribers;

namespace Hookstream.Storage.Postgres.Deliveries;

/// <summary>
/// Loads what is to be sent: what came with the claim, or, where a queue apart from the store handed it out, what the store
/// has of it. The queue's picture may be old; where it is, it is told, so that it does not hand out the same again.
/// </summary>
internal sealed class WorkLoading(
    Sessions sessions, SubscriberCatalog subscribers, ClaimedRows claimedRows, EndpointHolds holds, IQueueMirror? mirror)
{
    // Primary keys; the version tells whether it has moved on since it was queued.
    private const string Load =
        $"""
        select u.id, u.event, u.event_type, u.subscriber, u.class, u.version, u.attempt_count, u.failures, u.trigger,
            u.waiting_since, u.lease_losses, u.due, e.payload, e."timestamp", e.trace_context, t.id, s.id,
            {GateConditions.IsShut}, s.circuit_opened_at is not null
        from unfinished u
        join subscribers s on s.no = u.subscriber
        join tenants t on t.no = u.tenant
        cross join lateral (select payload, "timestamp", trace_context from events where id = u.event limit 1) e
        where u.id = any ($1)
        """;

    public async Task<IReadOnlyList<DeliveryWork>> LoadAsync(IReadOnlyList<Lease> leases, CancellationToken cancellation)
    {
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

    private async Task<List<DeliveryWork>> ReadAsync(List<Lease> leases, CancellationToken cancellation)
    {
        var rows = (await sessions.Hot.ReadAsync(
            connection => connection.Command(Load)
                .Bind([.. leases.Select(lease => lease.Delivery.Value)])
                .ReadAllAsync(
                    row => new Found(ClaimedRow.Read(row), new TenantId(row.GetGuid(15)), new SubscriberId(row.GetGuid(16)), row.GetBoolean(17), row.GetBoolean(18)),
                    cancellation),
            cancellation)).ToDictionary(found => found.Row.Id);
        var works = new List<DeliveryWork>();
        var gone = new List<DeliveryId>();
        var moved = new List<QueuedDelivery>();
        var shut = new HashSet<long>();
        foreach (var lease in leases)
        {
            if (!rows.TryGetValue(lease.Delivery, out var found))
                gone.Add(lease.Delivery);
            else if (found.Row.Version != lease.Version)
                moved.Add(new QueuedDelivery(lease.Delivery, found.Tenant, found.Subscriber, found.Row.Class, found.Row.Due, found.Row.Version));
            else if (found.IsShut || (found.CircuitIsOpen && !lease.IsProbe))
                shut.Add(found.Row.SubscriberNo);
            else if (subscribers.TryGet(lease.Tenant, lease.Subscriber, out var entry))
                works.Add(found.Row.ToWork(lease, entry.Snapshot));
        }

        if (mirror is not null)
        {
            await holds.PublishAsync(shut, cancellation);
            if (gone.Count > 0)
                await mirror.RemoveAsync(gone, cancellation);
            if (moved.Count > 0)
                await mirror.EnqueueAsync(moved, cancellation);
        }

        return works;
    }

    private sealed record Found(
        ClaimedRow Row, TenantId Tenant, SubscriberId Subscriber, bool IsShut, bool CircuitIsOpen);
}
