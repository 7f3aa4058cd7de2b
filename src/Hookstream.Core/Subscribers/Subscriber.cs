namespace Hookstream.Core.Subscribers;

/// <summary>A subscriber: an endpoint, what it wants, and its gate. Without its secrets.</summary>
/// <param name="Id">The subscriber's id.</param>
/// <param name="Tenant">Whose subscriber it is.</param>
/// <param name="Settings">What its owner wrote.</param>
/// <param name="Gate">What holds its deliveries.</param>
/// <param name="CreatedAt">UTC.</param>
/// <param name="UpdatedAt">UTC.</param>
public sealed record Subscriber(
    SubscriberId Id,
    TenantId Tenant,
    SubscriberSettings Settings,
    EndpointGate Gate,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt);
