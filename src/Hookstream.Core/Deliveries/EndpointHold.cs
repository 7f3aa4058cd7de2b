namespace Hookstream.Core.Deliveries;

/// <summary>What a queue apart from the store knows of an endpoint.</summary>
/// <param name="Tenant">Its tenant.</param>
/// <param name="Subscriber">The endpoint.</param>
/// <param name="Shut">True: nothing of it may be claimed until it is told otherwise (paused, unverified, disabled, deleted).</param>
/// <param name="BlockedUntil">Nothing of it may be claimed before this time, by the store's clock, UTC; null: no such time.</param>
/// <param name="MaxInFlight">The endpoint's own limit of sends in flight per process; null: none.</param>
/// <param name="Version">A newer one replaces an older one.</param>
/// <param name="OneAtATime">
/// True: its circuit is open. After <paramref name="BlockedUntil"/> one delivery may be claimed, the probe, and no other before it
/// has ended or its prober is taken for gone.
/// </param>
/// <param name="RatePerSecond">Most of it claimed per second, with a burst of one second's worth; null: no limit.</param>
public readonly record struct EndpointHold(
    TenantId Tenant,
    SubscriberId Subscriber,
    bool Shut,
    DateTimeOffset? BlockedUntil,
    int? MaxInFlight,
    long Version,
    bool OneAtATime = false,
    double? RatePerSecond = null);
