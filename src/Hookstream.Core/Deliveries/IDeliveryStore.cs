using Hookstream.Core.Diagnoses;
using Hookstream.Core.Paging;
using Hookstream.Core.Recoveries;

namespace Hookstream.Core.Deliveries;

/// <summary>The truth about deliveries and their attempts.</summary>
public interface IDeliveryStore
{
    /// <summary>
    /// Loads what is needed to send the deliveries of <paramref name="leases"/>, in one read. One that is not there any
    /// more, or has moved on from its lease's version, is left out.
    /// </summary>
    Task<IReadOnlyList<DeliveryWork>> LoadAsync(IReadOnlyList<Lease> leases, CancellationToken cancellation);

    /// <summary>
    /// The endpoint as this process knows it now, for what was claimed a moment ago and is about to be sent; null when nothing of
    /// it may be sent any more: paused, unverified, disabled, blocked or gone.
    /// </summary>
    EndpointSnapshot? FindOpen(TenantId tenant, SubscriberId subscriber);

    /// <summary>
    /// Records outcomes in one transaction, then releases their leases. One that cannot be recorded fails alone: its lease
    /// runs out, after which the delivery is due again. A settlement whose lease is no longer held, or whose delivery has moved
    /// on, records its attempt as late and changes nothing else.
    /// </summary>
    /// <returns>The places in <paramref name="settlements"/> of those that cannot be recorded; as a rule none.</returns>
    /// <exception cref="StoreUnavailableException">Nothing was recorded; the leases are still held. Try again.</exception>
    Task<IReadOnlyList<int>> SettleAsync(IReadOnlyList<Settlement> settlements, CancellationToken cancellation);

    /// <summary>Finds a delivery with its attempts; null when the tenant has no such delivery.</summary>
    Task<DeliveryDetail?> FindAsync(TenantId tenant, DeliveryId id, CancellationToken cancellation);

    /// <summary>The deliveries of one event with their attempts, oldest first.</summary>
    Task<IReadOnlyList<DeliveryDetail>> OfEventAsync(TenantId tenant, EventId id, CancellationToken cancellation);

    /// <summary>Lists deliveries without attempts, newest first.</summary>
    Task<Page<Delivery>> ListAsync(
        TenantId tenant, DeliveryQuery query, PageRequest page, CancellationToken cancellation);

    /// <summary>
    /// The newest attempts to send to a subscriber that failed (neither delivered nor cut off by a shutdown), whatever became of their
    /// deliveries. A bounded number of deliveries is looked at, those that were tried last and those that were given up: of a
    /// subscriber that delivers much and failed long ago, nothing is found.
    /// </summary>
    Task<RecentFailures> FindFailuresAsync(
        TenantId tenant, SubscriberId subscriber, int limit, CancellationToken cancellation);

    /// <summary>
    /// Makes a delivery due now with a fresh schedule; same id, attempt numbers go on. It does not pass a shut gate.
    /// </summary>
    Task<DeliveryOutcome> ReplayAsync(TenantId tenant, DeliveryId id, CancellationToken cancellation);

    /// <summary>Cancels an unfinished or dead-lettered delivery.</summary>
    Task<DeliveryOutcome> CancelAsync(TenantId tenant, DeliveryId id, CancellationToken cancellation);

    /// <summary>
    /// Accepts the replay of all deliveries that match now; it survives restarts and runs in chunks, behind fresh events.
    /// </summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="query">Which; with a status.</param>
    /// <param name="dryRun">True: only count.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>How many deliveries match.</returns>
    Task<long> ReplayAllAsync(TenantId tenant, DeliveryQuery query, bool dryRun, CancellationToken cancellation);

    /// <summary>
    /// Accepts the recovery of a subscriber: of the events of the window, those whose delivery has failed are replayed, and those
    /// that it wants by its filters of now and has no delivery of are sent. It survives restarts, runs in chunks behind fresh
    /// events, and ends early when the subscriber is deleted or disabled. What waits is left alone, so that of two recoveries of
    /// the same window the second finds nothing to do.
    /// </summary>
    Task<RecoveryResult> RecoverAsync(
        TenantId tenant, SubscriberId subscriber, RecoveryWindow window, CancellationToken cancellation);
}
