using Hookstream.Core.Retries;

namespace Hookstream.Core.Subscribers;

/// <summary>The part of a subscriber that its owner writes. Null stands for the deployment's default.</summary>
public sealed record SubscriberSettings
{
    /// <summary>Where webhooks are sent: an absolute http or https URL.</summary>
    public required Uri Url { get; init; }

    /// <summary>Which events are wanted; at least one filter.</summary>
    public required IReadOnlyList<EventFilter> Events { get; init; }

    /// <summary>For people.</summary>
    public string? Description { get; init; }

    /// <summary>Deadline of one request: connect, headers and body.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Delay before each attempt.</summary>
    public RetrySchedule? RetrySchedule { get; init; }

    /// <summary>Most sends in flight at once, per worker process.</summary>
    public int? MaxInFlight { get; init; }

    /// <summary>Most sends per second, over all workers; may be a fraction.</summary>
    public double? RateLimitPerSecond { get; init; }

    /// <summary>How many failures in a row open its circuit.</summary>
    public int? CircuitThreshold { get; init; }

    /// <summary>How long its circuit stays open before one request is tried.</summary>
    public TimeSpan? CircuitCooldown { get; init; }

    /// <summary>Sent with every request to it.</summary>
    public CustomHeaders Headers { get; init; } = CustomHeaders.None;

    /// <summary>What the body looks like.</summary>
    public PayloadFormat PayloadFormat { get; init; }

    /// <summary>Whether it must answer the challenge.</summary>
    public VerificationMode? Verification { get; init; }

    /// <summary>A JSON object of its owner's, or null.</summary>
    public string? Metadata { get; init; }

    /// <summary>True when an event of this type is wanted.</summary>
    public bool Wants(EventType type) => EventFilter.AnyMatches(Events, type);
}
