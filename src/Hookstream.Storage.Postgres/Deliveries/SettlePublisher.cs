using Hookstream.Storage.Postgres.Queueing;
using Hookstream.Storage.Postgres.Writing;

namespace Hookstream.Storage.Postgres.Deliveries;

/// <summary>Tells the queue, and whoever caches endpoints, what recorded outcomes have changed.</summary>
internal sealed class SettlePublisher(
    SubscriberCatalog subscribers,
    ICatalogRefresh catalog,
    LaneSet lanes,
    INotifier notifier,
    EndpointHolds holds,
    IQueueMirror? mirror,
    StoreClock clock)
{
    public async Task PublishAsync(
        IReadOnlyList<Settlement> settlements, List<SettledDelivery> settled, CancellationToken cancellation)
    {
        await PublishGatesAsync(settlements, settled, cancellation);
        if (mirror is not null)
        {
            await mirror.SettledAsync(
                [.. settlements.Select(settlement => settlement.Lease)],
                [.. settled.Where(moved => moved.WaitsAgain).Select(moved => ToQueued(settlements[moved.Position], moved))],
                cancellation);
            return;
        }

        foreach (var moved in settled.Where(moved => moved.WaitsAgain))
        {
            var lease = settlements[moved.Position].Lease;
            if (!subscribers.TryGet(lease.Tenant, lease.Subscriber, out var entry))
                continue;
            lanes.Signal(entry.Lane, moved.Class, moved.Due.ToUnixTimeMilliseconds());
            if (settlements[moved.Position].Disposition == Disposition.Release)
                notifier.LaneDue(entry.No, moved.Class);
        }
    }

    private static QueuedDelivery ToQueued(Settlement settlement, SettledDelivery moved) => new(
        settlement.Lease.Delivery,
        settlement.Lease.Tenant,
        settlement.Lease.Subscriber,
        moved.Class,
        moved.Due,
        moved.Version);

    private async Task PublishGatesAsync(
        IReadOnlyList<Settlement> settlements, List<SettledDelivery> settled, CancellationToken cancellation)
    {
        var changed = new HashSet<long>();
        foreach (var moved in settled)
        {
            var settlement = settlements[moved.Position];
            var changes = settlement.DisableEndpointReason is not null || settlement.BlockEndpointFor is not null;
            if (!changes || !subscribers.TryGet(settlement.Lease.Tenant, settlement.Lease.Subscriber, out var entry))
                continue;
            changed.Add(entry.No);
            if (settlement.BlockEndpointFor is { } block)
                Block(entry, clock.Now() + block);
            if (settlement.DisableEndpointReason is not null)
            {
                await catalog.EnsureCurrentAsync(entry.TenantNo, cancellation);
                notifier.CatalogChanged(entry.TenantNo);
            }
        }

        await holds.PublishAsync(changed, cancellation);
    }

    private void Block(SubscriberEntry entry, DateTimeOffset until)
    {
        // Whom events match does not depend on it, so the tenant's version stays.
        entry.Change(known => known with
        {
            Subscriber = known.Subscriber with { Gate = known.Subscriber.Gate.Blocked(until) },
        });
        lanes.GateChanged(entry.Lane);
    }
}
