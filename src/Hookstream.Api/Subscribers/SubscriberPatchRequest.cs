using Hookstream.Api.Json;

namespace Hookstream.Api.Subscribers;

/// <summary>What may be written of a subscriber when it is changed; null restores the deployment's default.</summary>
internal record SubscriberPatchRequest
{
    public static readonly string[] FieldNames =
    [
        "url", "events", "event_types", "description", "timeout_ms", "retry_schedule", "circuit_threshold",
        "circuit_cooldown", "max_in_flight", "rate_limit_per_second", "headers", "payload_format", "verification", "metadata",
    ];

    /// <summary>What a subscriber shows that a patch cannot change, and what does.</summary>
    public static readonly IReadOnlyDictionary<string, string> Elsewhere = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["secret"] = "cannot be patched; POST /api/v1/subscribers/{id}/rotate-secret replaces it",
        ["status"] = "cannot be patched; PATCH /api/v1/subscribers/{id}/pause and /resume change it",
        ["circuit"] = "cannot be patched; POST /api/v1/subscribers/{id}/reset-circuit closes it",
    };

    /// <summary>An absolute http or https URL, without credentials and fragment.</summary>
    public string? Url { get; init; }

    /// <summary>1 to 100 exact types, prefixes such as order.*, or *. event_types is accepted for it.</summary>
    public IReadOnlyList<string>? Events { get; init; }

    /// <summary>For people; at most 1024 characters.</summary>
    public string? Description { get; init; }

    /// <summary>Deadline of one request: connect, headers and body; 1000 to 120000.</summary>
    public int? TimeoutMs { get; init; }

    /// <summary>Delay before each attempt, 1 to 20 durations such as 30s; or one string with commas.</summary>
    public IReadOnlyList<string>? RetrySchedule { get; init; }

    /// <summary>How many failures in a row open the circuit, 1 to 1000.</summary>
    public int? CircuitThreshold { get; init; }

    /// <summary>How long an open circuit waits before one request is tried: a duration from 1s to 24h.</summary>
    public string? CircuitCooldown { get; init; }

    /// <summary>Most sends in flight at once per worker process, 1 to 1000.</summary>
    public int? MaxInFlight { get; init; }

    /// <summary>Most sends per second over all workers, 0.1 to 10000; may be a fraction.</summary>
    public double? RateLimitPerSecond { get; init; }

    /// <summary>
    /// Sent with every request: names and values, at most 20 and 4096 characters. Values are not shown again. A change is
    /// merged by name; null removes a header.
    /// </summary>
    public IReadOnlyDictionary<string, string?>? Headers { get; init; }

    /// <summary>standard (the default), raw or legacy.</summary>
    public string? PayloadFormat { get; init; }

    /// <summary>none, optional or required; not less than the deployment demands.</summary>
    public string? Verification { get; init; }

    /// <summary>A JSON object of your own, at most 4096 bytes.</summary>
    public RawJson? Metadata { get; init; }
}
