namespace Hookstream.Client.Deliveries;

/// <summary>Which deliveries to replay; one of <see cref="SubscriberId"/>, <see cref="EventId"/> and <see cref="Since"/> is
/// required.</summary>
public sealed record BulkReplay
{
    /// <summary>Deliveries in this state. Default: <see cref="DeliveryStatuses.DeadLetter"/>.</summary>
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

    /// <summary>True: count them only. Default: false.</summary>
    public bool DryRun { get; init; }
}
