namespace Hookstream.Core.Deliveries;

/// <summary>
/// The right to send one delivery until it expires. A settle under a lease that is no longer held records its attempt and
/// changes nothing else.
/// </summary>
/// <param name="Delivery">The delivery.</param>
/// <param name="Tenant">Its tenant.</param>
/// <param name="Subscriber">Its subscriber.</param>
/// <param name="Version">The delivery's version when it was claimed; replay, cancel and settle move it on.</param>
/// <param name="Token">Tells this claim from others of the same version; 0 where the version alone does.</param>
/// <param name="LostBefore">
/// How many leases of this version have run out in a row before this one, as the queue has counted; 0 where the store counts.
/// </param>
/// <param name="IsProbe">True when it was claimed past an open circuit: the one request that decides whether it closes.</param>
/// <param name="IsRetry">True when it has failed before, and was claimed from what waits after that.</param>
public readonly record struct Lease(
    DeliveryId Delivery,
    TenantId Tenant,
    SubscriberId Subscriber,
    long Version,
    long Token,
    int LostBefore = 0,
    bool IsProbe = false,
    bool IsRetry = false);
