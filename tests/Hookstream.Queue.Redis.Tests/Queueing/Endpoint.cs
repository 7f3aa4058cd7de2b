namespace Hookstream.Queue.Redis.Tests.Queueing;

/// <summary>A tenant's endpoint, and what waits there.</summary>
internal sealed record Endpoint(TenantId Tenant, SubscriberId Subscriber)
{
    public static Endpoint New(DateTimeOffset now, TenantId? tenant = null) =>
        new(tenant ?? TenantId.New(now), SubscriberId.New(now));

    public QueuedDelivery Delivery(DateTimeOffset due, int laneClass = 1, long version = 0) =>
        new(DeliveryId.New(due), Tenant, Subscriber, laneClass, due, version);

    public QueuedDelivery[] Deliveries(int count, DateTimeOffset due, int laneClass = 1) =>
        [.. Enumerable.Range(0, count).Select(i => Delivery(due.AddMilliseconds(i + 1 - count), laneClass))];

    public EndpointHold Hold(
        bool shut = false, DateTimeOffset? blockedUntil = null, int? maxInFlight = null, long version = 1, double? rate = null) =>
        new(Tenant, Subscriber, shut, blockedUntil, maxInFlight, version, RatePerSecond: rate);
}
