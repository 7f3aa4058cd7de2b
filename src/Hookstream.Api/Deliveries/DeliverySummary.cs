namespace Hookstream.Api.Deliveries;

/// <summary>A delivery as lists show it.</summary>
internal record DeliverySummary
{
    public required string Id { get; init; }

    public required string EventId { get; init; }

    public required string EventType { get; init; }

    public required string SubscriberId { get; init; }

    /// <summary>pending, held, failed (a retry is scheduled), delivered, dead_letter or cancelled.</summary>
    public required string Status { get; init; }

    /// <summary>Why it is held: paused, unverified or circuit_open; null when it is not.</summary>
    public required string? HoldReason { get; init; }

    public required int AttemptCount { get; init; }

    public required DateTimeOffset? NextAttemptAt { get; init; }

    public required DateTimeOffset? LastAttemptAt { get; init; }

    public required int? LastStatusCode { get; init; }

    public required DeliveryErrorResponse? LastError { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset? FinishedAt { get; init; }

    public static DeliverySummary Of(Delivery delivery) => new()
    {
        Id = delivery.Id.ToString(),
        EventId = delivery.Event.ToString(),
        EventType = delivery.EventType.Value,
        SubscriberId = delivery.Subscriber.ToString(),
        Status = delivery.Status.ToCode(),
        HoldReason = delivery.HoldReason is { } reason ? DeliveryWords.HoldReasons.Format(reason) : null,
        AttemptCount = delivery.AttemptCount,
        NextAttemptAt = delivery.NextAttemptAt,
        LastAttemptAt = delivery.LastAttemptAt,
        LastStatusCode = delivery.LastStatusCode,
        LastError = delivery.LastError is { } error ? new DeliveryErrorResponse(error.Code, error.Message) : null,
        CreatedAt = delivery.CreatedAt,
        FinishedAt = delivery.FinishedAt,
    };
}
