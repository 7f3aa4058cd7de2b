namespace Hookstream.Api.Events;

/// <summary>An event as lists show it.</summary>
internal record EventSummary
{
    public required string Id { get; init; }

    public required string Type { get; init; }

    public required string? IdempotencyKey { get; init; }

    /// <summary>high, normal or low.</summary>
    public required string Priority { get; init; }

    /// <summary>When it happened, as its sender said.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public static EventSummary Of(EventRecord record) => new()
    {
        Id = record.Id.ToString(),
        Type = record.Type.Value,
        IdempotencyKey = record.IdempotencyKey,
        Priority = Priorities.Words.Format(record.Priority),
        Timestamp = record.Timestamp,
        CreatedAt = record.CreatedAt,
    };
}
