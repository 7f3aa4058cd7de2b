namespace Hookstream.Client.Deliveries;

/// <summary>One event on its way to one subscriber.</summary>
public sealed record Delivery
{
    /// <summary>The id, <c>dlv_…</c>; subscribers see it as <c>X-Hookstream-Delivery</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The event's id, <c>evt_…</c>.</summary>
    public required string EventId { get; init; }

    /// <summary>The event's type.</summary>
    public string? EventType { get; init; }

    /// <summary>The subscriber's id, <c>sub_…</c>.</summary>
    public string? SubscriberId { get; init; }

    /// <summary>One of <see cref="DeliveryStatuses"/>.</summary>
    public required string Status { get; init; }

    /// <summary>Why it is held: <c>paused</c>, <c>unverified</c> or <c>circuit_open</c>; null otherwise.</summary>
    public string? HoldReason { get; init; }

    /// <summary>How many attempts were made, replays included.</summary>
    public int AttemptCount { get; init; }

    /// <summary>When the next attempt is due; null when none is.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>When the last attempt started; null before the first.</summary>
    public DateTimeOffset? LastAttemptAt { get; init; }

    /// <summary>The HTTP status that the last attempt got; null when it got none.</summary>
    public int? LastStatusCode { get; init; }

    /// <summary>What the last attempt failed with; null when it did not.</summary>
    public DeliveryError? LastError { get; init; }

    /// <summary>When it was created.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was delivered, given up or cancelled; null while it is not finished.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Its attempts, in order; null in lists.</summary>
    public IReadOnlyList<Attempt>? Attempts { get; init; }
}
