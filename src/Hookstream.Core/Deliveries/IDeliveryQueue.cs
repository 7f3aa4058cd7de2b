namespace Hookstream.Core.Deliveries;

/// <summary>
/// Hands out what is due. It holds references and due times only: the store is the truth, and a queue that forgot
/// everything is filled from it again.
/// </summary>
public interface IDeliveryQueue
{
    /// <summary>
    /// Claims due deliveries of open endpoints: in turn across tenants, and across a tenant's endpoints, by priority, then
    /// oldest first. Each is claimed by one worker until its lease is settled, released or expires.
    /// </summary>
    /// <returns>At most <see cref="ClaimRequest.Slots"/> leases; empty when nothing is due.</returns>
    Task<IReadOnlyList<Lease>> ClaimAsync(ClaimRequest request, CancellationToken cancellation);

    /// <summary>Lengthens leases that are still held.</summary>
    /// <returns>Those that are not held any more: their sends must not begin.</returns>
    Task<IReadOnlyList<Lease>> RenewAsync(
        IReadOnlyList<Lease> leases, TimeSpan duration, CancellationToken cancellation);

    /// <summary>Gives leases back unused; the deliveries are due again at once, and nothing is recorded.</summary>
    Task ReleaseAsync(IReadOnlyList<Lease> leases, CancellationToken cancellation);

    /// <summary>
    /// Completes when something may have become claimable since the last claim began, and after 1 s at the latest.
    /// </summary>
    Task WaitAsync(CancellationToken cancellation);
}
