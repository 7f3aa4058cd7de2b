using System.Text.Json;

namespace Hookstream.Client.Subscribers;

/// <summary>An endpoint to register; what is null takes the server's default.</summary>
public sealed record NewSubscriber
{
    /// <summary>Where to post deliveries: an absolute http or https URL.</summary>
    public required string Url { get; init; }

    /// <summary>What it wants: exact types, <c>order.*</c> (one or more further segments), or <c>*</c>.</summary>
    public required IReadOnlyList<string> Events { get; init; }

    /// <summary>A note for people.</summary>
    public string? Description { get; init; }

    /// <summary>The signing secret: standard base64 of 24 to 64 bytes, with or without <c>whsec_</c>. Default: the server makes
    /// one of 32 random bytes.</summary>
    public string? Secret { get; init; }

    /// <summary>Deadline for one attempt in milliseconds, 1,000–120,000.</summary>
    public int? TimeoutMs { get; init; }

    /// <summary>Delay before each attempt, as durations like <c>0s</c>, <c>30s</c>, <c>5m</c>; 1–20 of them.</summary>
    public IReadOnlyList<string>? RetrySchedule { get; init; }

    /// <summary>Most sends in flight at once.</summary>
    public int? MaxInFlight { get; init; }

    /// <summary>Most sends per second over all workers, 0.1–10,000; may be a fraction.</summary>
    public double? RateLimitPerSecond { get; init; }

    /// <summary>How many failures in a row open the circuit, 1–1,000.</summary>
    public int? CircuitThreshold { get; init; }

    /// <summary>How long an open circuit waits before one request is tried: a duration like <c>10m</c>, <c>1s</c>–<c>24h</c>.</summary>
    public string? CircuitCooldown { get; init; }

    /// <summary>Headers to send with every request, such as <c>Authorization</c>: at most 20, 4,096 characters in all. The server
    /// does not show their values again.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary><c>standard</c> (default), <c>raw</c> (the payload alone) or <c>legacy</c>.</summary>
    public string? PayloadFormat { get; init; }

    /// <summary><c>none</c>, <c>optional</c> or <c>required</c>: whether deliveries wait until the challenge was answered.</summary>
    public string? Verification { get; init; }

    /// <summary>The caller's own data, a JSON object that is kept as it is.</summary>
    public JsonElement? Metadata { get; init; }
}
