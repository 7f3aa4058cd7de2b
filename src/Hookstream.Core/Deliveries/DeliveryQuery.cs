namespace Hookstream.Core.Deliveries;

/// <summary>Which deliveries to list. Null: any.</summary>
/// <param name="Status">As it reads, <see cref="DeliveryStatus.Held"/> included.</param>
/// <param name="Subscriber">To this subscriber.</param>
/// <param name="Event">Of this event.</param>
/// <param name="EventType">Of events of exactly this type.</param>
/// <param name="Since">Created at this time or later.</param>
/// <param name="Until">Created before this time.</param>
public sealed record DeliveryQuery(
    DeliveryStatus? Status = null,
    SubscriberId? Subscriber = null,
    EventId? Event = null,
    EventType? EventType = null,
    DateTimeOffset? Since = null,
    DateTimeOffset? Until = null);
