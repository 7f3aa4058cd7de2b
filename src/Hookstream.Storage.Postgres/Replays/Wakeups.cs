using Hookstream.Storage.Postgres.Queueing;

namespace Hookstream.Storage.Postgres.Replays;

/// <summary>Tells the queue, wherever it is, what a committed change has made due or ended.</summary>
internal sealed class Wakeups(SubscriberCatalog subscribers, LaneSet lanes, INotifier notifier, IQueueMirror? mirror)
{
    public async ValueTask DueAsync(IReadOnlyList<DueDelivery> due, CancellationToken cancellation)
    {
        if (due.Count == 0)
            return;
        if (mirror is not null)
        {
            await mirror.EnqueueAsync([.. due.Select(delivery => delivery.Queued)], cancellation);
            return;
        }

        foreach (var lane in due.GroupBy(delivery => (delivery.SubscriberNo, delivery.Queued.Class)))
        {
            var first = lane.Min(delivery => delivery.Queued.Due.ToUnixTimeMilliseconds());
            if (subscribers.TryGet(lane.Key.SubscriberNo, out var entry))
                lanes.Signal(entry.Lane, lane.Key.Class, first);
            notifier.LaneDue(lane.Key.SubscriberNo, lane.Key.Class, first);
        }
    }

    public async ValueTask EndedAsync(IReadOnlyList<DeliveryId> ended, CancellationToken cancellation)
    {
        if (mirror is not null && ended.Count > 0)
            await mirror.RemoveAsync(ended, cancellation);
    }

    /// <summary>Something that waits now.</summary>
    public readonly record struct DueDelivery(QueuedDelivery Queued, long SubscriberNo);
}
