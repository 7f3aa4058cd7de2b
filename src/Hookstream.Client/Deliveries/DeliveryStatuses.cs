namespace Hookstream.Client.Deliveries;

/// <summary>The values of <see cref="Delivery.Status"/>.</summary>
public static class DeliveryStatuses
{
    /// <summary>Waits for its first attempt, or for one that was asked for.</summary>
    public const string Pending = "pending";

    /// <summary>Waits for its subscriber: paused, unverified or with an open circuit.</summary>
    public const string Held = "held";

    /// <summary>The last attempt failed; another one is scheduled.</summary>
    public const string Failed = "failed";

    /// <summary>The subscriber answered 2xx.</summary>
    public const string Delivered = "delivered";

    /// <summary>Given up; can be replayed.</summary>
    public const string DeadLetter = "dead_letter";

    /// <summary>Cancelled by a person, or with its subscriber.</summary>
    public const string Cancelled = "cancelled";
}
