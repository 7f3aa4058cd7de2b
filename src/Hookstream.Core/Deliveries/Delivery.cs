namespace Hookstream.Core.Deliveries;

/// <summary>The delivery of one event to one subscriber, as a person reads it.</summary>
public sealed record Delivery
{
    /// <summary>The delivery's id; stays the same across retries and replays.</summary>
    public required DeliveryId Id { get; init; }

    /// <summary>The event.</summary>
    public required EventId Event { get; init; }

    /// <summary>The event's type.</summary>
    public required EventType EventType { get; init; }

    /// <summary>The subscriber.</summary>
    public required SubscriberId Subscriber { get; init; }

    /// <summary>Where it is in its life.</summary>
    public required DeliveryStatus Status { get; init; }

    /// <summary>Why it is held; null when it is not.</summary>
    public HoldReason? HoldReason { get; init; }

    /// <summary>How many attempts were recorded, over all replays.</summary>
    public required int AttemptCount { get; init; }

    /// <summary>When it is due next, UTC; null when finished or held.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>When its last attempt started, UTC.</summary>
    public DateTimeOffset? LastAttemptAt { get; init; }

    /// <summary>The last attempt's status code.</summary>
    public int? LastStatusCode { get; init; }

    /// <summary>Why it is not delivered; null when it is, or was not tried.</summary>
    public DeliveryError? LastError { get; init; }

    /// <summary>UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>UTC; null when unfinished.</summary>
    public DateTimeOffset? FinishedAt { get; init; }
}
