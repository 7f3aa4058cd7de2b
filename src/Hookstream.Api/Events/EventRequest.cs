using Hookstream.Api.Json;

namespace Hookstream.Api.Events;

/// <summary>An event to be delivered.</summary>
internal sealed record EventRequest
{
    /// <summary>
    /// Such as payment.completed: 1 to 256 characters, segments of A-Z, a-z, 0-9, _ and - joined by single dots.
    /// event_type is accepted for it.
    /// </summary>
    public required string Type { get; init; }

    /// <summary>Any JSON object; subscribers get it byte for byte.</summary>
    public required RawJson Payload { get; init; }

    /// <summary>1 to 255 printable ASCII characters. The same event is accepted once under it within 24 hours.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>high, normal (the default) or low.</summary>
    public string? Priority { get; init; }

    /// <summary>When it happened; when it is accepted, if left out.</summary>
    public DateTimeOffset? Timestamp { get; init; }
}
