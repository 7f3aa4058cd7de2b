namespace Hookstream.Core.Events;

/// <summary>A stored event.</summary>
/// <param name="Id">The event's id.</param>
/// <param name="Type">Its type.</param>
/// <param name="Payload">The bytes that were posted; null in lists.</param>
/// <param name="IdempotencyKey">As posted.</param>
/// <param name="Priority">As posted.</param>
/// <param name="Timestamp">When it happened, UTC.</param>
/// <param name="CreatedAt">When it was stored, UTC.</param>
public sealed record EventRecord(
    EventId Id,
    EventType Type,
    byte[]? Payload,
    string? IdempotencyKey,
    EventPriority Priority,
    DateTimeOffset Timestamp,
    DateTimeOffset CreatedAt);
