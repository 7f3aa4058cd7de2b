namespace Hookstream.Client.Deliveries;

/// <summary>Which deliveries to list; what is null does not filter.</summary>
public sealed record DeliveryFilter
{
    /// <summary>Deliveries in this state, one of <see cref="DeliveryStatuses"/>.</summary>
    public string? Status { get; init; }

    /// <summary>Deliveries to this subscriber, <c>sub_…</c>.</summary>
    public string? SubscriberId { get; init; }

    /// <summary>Deliveries of this event, <c>evt_…</c>.</summary>
    public string? EventId { get; init; }

    /// <summary>Deliveries of events of this exact type.</summary>
    public string? EventType { get; init; }

    /// <summary>Deliveries created at this time or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Deliveries created before this time.</summary>
    public DateTimeOffset? Until { get; init; }
}
