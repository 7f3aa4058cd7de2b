using Hookstream.Core.Catalogs;

namespace Hookstream.Core.Statistics;

/// <summary>What waits now, as it reads.</summary>
/// <param name="Pending">Not attempted yet.</param>
/// <param name="Failed">A retry is scheduled.</param>
/// <param name="Held">Behind a shut gate.</param>
/// <param name="Complete">False when more waits than is counted: the counts are of some of it.</param>
public sealed record WaitingCount(long Pending, long Failed, long Held, bool Complete)
{
    /// <summary>Most deliveries that are counted.</summary>
    public const int Most = 10_000;

    /// <summary>Puts together what was counted of unfinished deliveries, one more than <see cref="Most"/> at most.</summary>
    internal static WaitingCount Of(
        IReadOnlyCollection<(long Subscriber, DeliveryStatus Status, long Count)> counted, SubscriberCatalog subscribers)
    {
        var (pending, failed, held) = (0L, 0L, 0L);
        foreach (var (no, status, count) in counted)
        {
            // What is to be cancelled reads as cancelled already.
            if (!subscribers.TryGet(no, out var entry) || entry.Deleted || entry.Cancelling)
                continue;
            if (entry.Subscriber.Gate.HoldReason is not null)
                held += count;
            else if (status == DeliveryStatus.Failed)
                failed += count;
            else
                pending += count;
        }

        return new WaitingCount(pending, failed, held, counted.Sum(entry => entry.Count) <= Most);
    }
}
