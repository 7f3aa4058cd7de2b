namespace Hookstream.Core.Deliveries;

/// <summary>All that a queue apart from the store holds of a delivery.</summary>
/// <param name="Id">The delivery.</param>
/// <param name="Tenant">Its tenant.</param>
/// <param name="Subscriber">Its subscriber.</param>
/// <param name="Class">
/// 0 to 2: the priorities high, normal and low; 3: replayed in bulk, behind them; 4 to 7: the same for what has failed and is sent again.
/// </param>
/// <param name="Due">When it is due, by the store's clock, UTC.</param>
/// <param name="Version">The version of its row; a newer one replaces an older one.</param>
public readonly record struct QueuedDelivery(
    DeliveryId Id, TenantId Tenant, SubscriberId Subscriber, int Class, DateTimeOffset Due, long Version);
