using System.Text.Json;

namespace Hookstream.Client.Subscribers;

/// <summary>An endpoint that events are delivered to.</summary>
public record Subscriber
{
    /// <summary>The id, <c>sub_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Where deliveries are posted.</summary>
    public required string Url { get; init; }

    /// <summary>The filters: an exact type, <c>order.*</c> or <c>*</c>.</summary>
    public required IReadOnlyList<string> Events { get; init; }

    /// <summary>A note for people; null without one.</summary>
    public string? Description { get; init; }

    /// <summary><c>pending_verification</c>, <c>active</c>, <c>paused</c> or <c>disabled</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Why it is not active; null when there is nothing to say.</summary>
    public string? StatusReason { get; init; }

    /// <summary>When the endpoint last answered the challenge; null when it never did.</summary>
    public DateTimeOffset? VerifiedAt { get; init; }

    /// <summary>Deadline for one attempt, headers and body, in milliseconds; null: the server's.</summary>
    public int? TimeoutMs { get; init; }

    /// <summary>Delay before each attempt, as durations like <c>30s</c>; null: the server's.</summary>
    public IReadOnlyList<string>? RetrySchedule { get; init; }

    /// <summary>Most sends in flight at once; null: the server's.</summary>
    public int? MaxInFlight { get; init; }

    /// <summary>Most sends per second over all workers; null: as many as it takes.</summary>
    public double? RateLimitPerSecond { get; init; }

    /// <summary><c>closed</c>, <c>open</c>, or <c>half_open</c>: the next request decides.</summary>
    public string Circuit { get; init; } = "closed";

    /// <summary>When the circuit opened, UTC; null while it is closed.</summary>
    public DateTimeOffset? CircuitOpenedAt { get; init; }

    /// <summary>When one request is tried while the circuit is open, UTC; null while it is closed.</summary>
    public DateTimeOffset? NextProbeAt { get; init; }

    /// <summary>How many failures in a row open the circuit; null: the server's.</summary>
    public int? CircuitThreshold { get; init; }

    /// <summary>How long an open circuit waits before one request is tried, as a duration like <c>10m</c>; null: the server's.</summary>
    public string? CircuitCooldown { get; init; }

    /// <summary>The headers that are sent with every request; <c>********</c> stands for each value. Null or empty without.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>What the body holds: <c>standard</c> (default), <c>raw</c> or <c>legacy</c>.</summary>
    public string? PayloadFormat { get; init; }

    /// <summary><c>none</c>, <c>optional</c> or <c>required</c>; null: the server's.</summary>
    public string? Verification { get; init; }

    /// <summary>The caller's own data, kept as it is; null without.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary>When it was registered.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last changed.</summary>
    public DateTimeOffset UpdatedAt { get; init; }
}
