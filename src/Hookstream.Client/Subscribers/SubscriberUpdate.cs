using System.Text.Json;
using Hookstream.Client.Transport;

namespace Hookstream.Client.Subscribers;

/// <summary>Changes to a subscriber (RFC 7396): a property that is not set is left alone, one set to null goes back to the
/// server's default.</summary>
public sealed class SubscriberUpdate
{
    internal MergePatch Patch { get; } = new();

    /// <summary>Where to post deliveries; a new URL is verified again and serves what is not yet sent.</summary>
    public string Url
    {
        set => Patch.Set("url", value);
    }

    /// <summary>What it wants: exact types, <c>order.*</c> or <c>*</c>.</summary>
    public IReadOnlyList<string> Events
    {
        set => Patch.Set("events", value);
    }

    /// <summary>A note for people.</summary>
    public string? Description
    {
        set => Patch.Set("description", value);
    }

    /// <summary>Deadline for one attempt in milliseconds, 1,000–120,000.</summary>
    public int? TimeoutMs
    {
        set => Patch.Set("timeout_ms", value);
    }

    /// <summary>Delay before each attempt, as durations like <c>30s</c>; 1–20 of them.</summary>
    public IReadOnlyList<string>? RetrySchedule
    {
        set => Patch.Set("retry_schedule", value);
    }

    /// <summary>Most sends in flight at once.</summary>
    public int? MaxInFlight
    {
        set => Patch.Set("max_in_flight", value);
    }

    /// <summary>Most sends per second over all workers, 0.1–10,000; may be a fraction.</summary>
    public double? RateLimitPerSecond
    {
        set => Patch.Set("rate_limit_per_second", value);
    }

    /// <summary>How many failures in a row open the circuit, 1–1,000.</summary>
    public int? CircuitThreshold
    {
        set => Patch.Set("circuit_threshold", value);
    }

    /// <summary>How long an open circuit waits before one request is tried: a duration like <c>10m</c>, <c>1s</c>–<c>24h</c>.</summary>
    public string? CircuitCooldown
    {
        set => Patch.Set("circuit_cooldown", value);
    }

    /// <summary>Headers to send with every request, merged by name: null removes one. Null takes all away.</summary>
    public IReadOnlyDictionary<string, string?>? Headers
    {
        set => Patch.Set("headers", value);
    }

    /// <summary><c>standard</c>, <c>raw</c> or <c>legacy</c>.</summary>
    public string? PayloadFormat
    {
        set => Patch.Set("payload_format", value);
    }

    /// <summary><c>none</c>, <c>optional</c> or <c>required</c>.</summary>
    public string? Verification
    {
        set => Patch.Set("verification", value);
    }

    /// <summary>The caller's own data, replaced or merged as RFC 7396 says.</summary>
    public JsonElement? Metadata
    {
        set => Patch.Set("metadata", value);
    }
}
