using Hookstream.Storage.Postgres.Queueing;

namespace Hookstream.Storage.Postgres.Events;

/// <summary>Tells the queue what a committed group of appends has made due.</summary>
internal sealed class AppendPublisher(LaneSet lanes, INotifier notifier, IQueueMirror? mirror, StoreClock clock)
{
    public async ValueTask PublishAsync(AppendWrite write)
    {
        if (mirror is not null)
        {
            var now = clock.Now();
            await mirror.EnqueueAsync(
                [.. Stored(write).Select(delivery => new QueuedDelivery(
                    delivery.Id,
                    delivery.Append.Event.Tenant,
                    delivery.Subscriber.Id,
                    (int)delivery.Append.Event.Priority,
                    now + delivery.Delay,
                    Version: 0))],
                CancellationToken.None);
            return;
        }

        foreach (var delivery in Stored(write))
        {
            var laneClass = (int)delivery.Append.Event.Priority;
            var due = (write.StartedAt + delivery.Delay).ToUnixTimeMilliseconds();
            lanes.Signal(delivery.Subscriber.Lane, laneClass, due);
            notifier.LaneDue(delivery.Subscriber.No, laneClass, due);
        }
    }

    private static IEnumerable<NewDelivery> Stored(AppendWrite write) =>
        write.Deliveries.Where(delivery => delivery.Append.Result.Outcome == AppendOutcome.Accepted);
}
