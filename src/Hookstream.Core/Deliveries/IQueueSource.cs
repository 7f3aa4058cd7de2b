using Hookstream.Core.Lanes;

namespace Hookstream.Core.Deliveries;

/// <summary>The store, as a queue apart from it sees it: what waits, page by page, so that nothing stays forgotten.</summary>
public interface IQueueSource
{
    /// <summary>
    /// Unfinished deliveries in the order of their ids, from the first after <paramref name="after"/>. Those of endpoints whose
    /// gate is shut included.
    /// </summary>
    /// <param name="after">The last delivery of the page before; null: from the beginning.</param>
    /// <param name="limit">Most on this page.</param>
    /// <param name="cancellation">Cancels.</param>
    Task<IReadOnlyList<QueuedDelivery>> ReadUnfinishedAsync(DeliveryId? after, int limit, CancellationToken cancellation);

    /// <summary>
    /// What waits at one endpoint in one class, oldest due first: to top up a lane that holds only the first part of it.
    /// </summary>
    /// <param name="subscriber">The endpoint.</param>
    /// <param name="laneClass">The class, as <see cref="QueuedDelivery.Class"/> has it.</param>
    /// <param name="after">Where to go on.</param>
    /// <param name="limit">Most to read.</param>
    /// <param name="cancellation">Cancels.</param>
    Task<IReadOnlyList<QueuedDelivery>> ReadLaneAsync(
        SubscriberId subscriber, int laneClass, LanePosition after, int limit, CancellationToken cancellation);

    /// <summary>Every live endpoint's gate.</summary>
    Task<IReadOnlyList<EndpointHold>> ReadHoldsAsync(CancellationToken cancellation);
}
