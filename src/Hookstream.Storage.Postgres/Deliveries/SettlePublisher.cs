using Hookstream.Storage.Postgres.Circuits;
using Hookstream.Storage.Postgres.Queueing;
using Hookstream.Storage.Postgres.Writing;
using Microsoft.Extensions.Logging;

namespace Hookstream.Storage.Postgres.Deliveries;

/// <summary>Tells the queue, and whoever caches endpoints, what recorded outcomes have changed.</summary>
internal sealed class SettlePublisher(
    SubscriberCatalog subscribers,
    ICatalogRefresh catalog,
    LaneSet lanes,
    INotifier notifier,
    EndpointHolds holds,
    IQueueMirror? mirror,
    QueueSource source,
    StoreMetrics metrics,
    StoreClock clock,
    ILogger logger)
{
    public async Task PublishAsync(
        IReadOnlyList<Settlement> settlements,
        List<SettledDelivery> settled,
        List<ChangedCircuit> circuits,
        CancellationToken cancellation)
    {
        circuits.ForEach(Report);
        if (circuits.Count > 0 || settlements.Any(SettleTransaction.ChangesGate))
            await PublishGatesAsync(settlements, settled, circuits, cancellation);
        EndProbes(settlements);
        if (mirror is not null)
        {
            await TellAsync(mirror, settlements, settled, cancellation);
            return;
        }

        foreach (var moved in settled.Where(moved => moved.WaitsAgain))
        {
            var lease = settlements[moved.Position].Lease;
            if (!subscribers.TryGet(lease.Tenant, lease.Subscriber, out var entry))
                continue;
            var due = moved.Due.ToUnixTimeMilliseconds();
            lanes.Signal(entry.Lane, moved.Class, due);
            if (settlements[moved.Position].Disposition == Disposition.Release)
                notifier.LaneDue(entry.No, moved.Class, due);
        }
    }

    // An outcome that has changed nothing came late, or was recorded by a call whose answer was lost: what it says of the
    // delivery is not known to be so, and the queue is told what the store holds.
    private async Task TellAsync(
        IQueueMirror queue, IReadOnlyList<Settlement> settlements, List<SettledDelivery> settled, CancellationToken cancellation)
    {
        var again = new List<QueuedDelivery>();
        foreach (var moved in settled)
        {
            if (moved.WaitsAgain)
                again.Add(ToQueued(settlements[moved.Position], moved));
        }

        var ended = new List<Lease>(settlements.Count);
        if (settled.Count == settlements.Count)
        {
            ended.AddRange(settlements.Select(settlement => settlement.Lease));
        }
        else
        {
            var recorded = settled.Select(moved => moved.Position).ToHashSet();
            var others = settlements.Where((_, i) => !recorded.Contains(i)).Select(settlement => settlement.Lease).ToList();
            var waiting = (await source.ReadAsync([.. others.Select(lease => lease.Delivery.Value).Distinct()], cancellation))
                .ToDictionary(row => row.Id);
            ended.AddRange(recorded.Select(position => settlements[position].Lease));
            ended.AddRange(others.Where(lease => !waiting.ContainsKey(lease.Delivery)));
            again.AddRange(waiting.Values);
        }

        await queue.SettledAsync(ended, again, cancellation);
    }

    private static QueuedDelivery ToQueued(Settlement settlement, SettledDelivery moved) => new(
        settlement.Lease.Delivery,
        settlement.Lease.Tenant,
        settlement.Lease.Subscriber,
        moved.Class,
        moved.Due,
        moved.Version);

    private void EndProbes(IReadOnlyList<Settlement> settlements)
    {
        foreach (var settlement in settlements)
        {
            if (settlement.Lease.IsProbe && subscribers.TryGet(settlement.Lease.Tenant, settlement.Lease.Subscriber, out var entry))
                lanes.EndProbe(entry.Lane);
        }
    }

    private async Task PublishGatesAsync(
        IReadOnlyList<Settlement> settlements,
        List<SettledDelivery> settled,
        List<ChangedCircuit> circuits,
        CancellationToken cancellation)
    {
        var changed = new HashSet<long>();
        foreach (var tenantNo in circuits.Select(circuit => circuit.TenantNo).Distinct())
        {
            await catalog.EnsureCurrentAsync(tenantNo, cancellation);
            notifier.CatalogChanged(tenantNo);
        }

        foreach (var circuit in circuits)
        {
            if (subscribers.TryGet(circuit.Subscriber, out var entry))
                changed.Add(entry.No);
        }

        var recorded = settled.Select(moved => moved.Position).ToHashSet();
        for (var position = 0; position < settlements.Count; position++)
        {
            var settlement = settlements[position];
            if (!SettleTransaction.ChangesGate(settlement)
                || !subscribers.TryGet(settlement.Lease.Tenant, settlement.Lease.Subscriber, out var entry))
            {
                continue;
            }

            // What is told of the endpoint is read from the store: so also what a call has changed whose answer was lost.
            changed.Add(entry.No);
            if (!recorded.Contains(position))
                continue;
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

    private void Report(ChangedCircuit circuit)
    {
        var change = circuit.After.ChangeSince(circuit.OpenedBefore);
        metrics.CircuitRecorded(change);
        if (subscribers.TryGet(circuit.Subscriber, out var entry))
            Log.CircuitRecorded(logger, entry.Subscriber, change, circuit.After);
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
