namespace Hookstream.Core.Deliveries;

/// <summary>
/// A queue apart from the store, as the store sees it: told after each commit what has changed. It is a cache: what it is not
/// told, because it is away, it finds by sweeping the store. So nothing here throws for an unreachable queue, and nothing waits
/// long for one.
/// </summary>
public interface IQueueMirror
{
    /// <summary>These wait. Idempotent: an older version than the one known, or the same again, changes nothing.</summary>
    ValueTask EnqueueAsync(IReadOnlyList<QueuedDelivery> deliveries, CancellationToken cancellation);

    /// <summary>
    /// Of these leases, those that were taken over or have run out; asked before outcomes are recorded. None when the queue
    /// cannot be asked: the version in the store decides alone then.
    /// </summary>
    ValueTask<IReadOnlyList<Lease>> FindLostAsync(IReadOnlyList<Lease> leases, CancellationToken cancellation);

    /// <summary>
    /// Outcomes are recorded: releases their leases. What waits again is in <paramref name="again"/>, the rest has ended.
    /// </summary>
    ValueTask SettledAsync(
        IReadOnlyList<Lease> leases, IReadOnlyList<QueuedDelivery> again, CancellationToken cancellation);

    /// <summary>These wait no more (cancelled).</summary>
    ValueTask RemoveAsync(IReadOnlyList<DeliveryId> deliveries, CancellationToken cancellation);

    /// <summary>
    /// Keeps claims away from deliveries that are about to be changed, for at most 10 s.
    /// </summary>
    /// <returns>Those of them that are being sent just now, and were not locked.</returns>
    ValueTask<IReadOnlyList<DeliveryId>> LockAsync(
        IReadOnlyList<DeliveryId> deliveries, CancellationToken cancellation);

    /// <summary>Ends the locks that <see cref="LockAsync"/> took.</summary>
    ValueTask UnlockAsync(IReadOnlyList<DeliveryId> deliveries, CancellationToken cancellation);

    /// <summary>
    /// Endpoints have opened or shut. When this completes and the queue was reachable, no claim passes a shut one.
    /// </summary>
    ValueTask HoldAsync(IReadOnlyList<EndpointHold> holds, CancellationToken cancellation);
}
