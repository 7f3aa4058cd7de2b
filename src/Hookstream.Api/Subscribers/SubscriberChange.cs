using Hookstream.Core.Retries;

namespace Hookstream.Api.Subscribers;

/// <summary>What somebody wrote of a subscriber. A field that was given as null restores the default.</summary>
internal sealed record SubscriberChange
{
    /// <summary>Whether a field was given, null or not.</summary>
    public required Func<string, bool> Given { get; init; }

    public Uri? Url { get; init; }

    public IReadOnlyList<EventFilter>? Events { get; init; }

    public string? Description { get; init; }

    public TimeSpan? Timeout { get; init; }

    public RetrySchedule? RetrySchedule { get; init; }

    public int? MaxInFlight { get; init; }

    public double? RateLimitPerSecond { get; init; }

    public int? CircuitThreshold { get; init; }

    public TimeSpan? CircuitCooldown { get; init; }

    public IReadOnlyList<KeyValuePair<string, string?>>? Headers { get; init; }

    public PayloadFormat PayloadFormat { get; init; }

    public VerificationMode? Verification { get; init; }

    public string? Metadata { get; init; }

    /// <summary>The settings of a new subscriber.</summary>
    public SubscriberSettings ToSettings() =>
        Apply(new SubscriberSettings { Url = Url!, Events = Events! }) with { Metadata = Metadata };

    /// <summary>Changes what was given and keeps the rest.</summary>
    public SubscriberSettings Apply(SubscriberSettings settings) => settings with
    {
        Url = Url ?? settings.Url,
        Events = Events ?? settings.Events,
        Description = Given("description") ? Description : settings.Description,
        Timeout = Given("timeout_ms") ? Timeout : settings.Timeout,
        RetrySchedule = Given("retry_schedule") ? RetrySchedule : settings.RetrySchedule,
        MaxInFlight = Given("max_in_flight") ? MaxInFlight : settings.MaxInFlight,
        RateLimitPerSecond = Given("rate_limit_per_second") ? RateLimitPerSecond : settings.RateLimitPerSecond,
        CircuitThreshold = Given("circuit_threshold") ? CircuitThreshold : settings.CircuitThreshold,
        CircuitCooldown = Given("circuit_cooldown") ? CircuitCooldown : settings.CircuitCooldown,
        Headers = Given("headers") ? HeaderFields.Merge(settings.Headers, Headers) : settings.Headers,
        PayloadFormat = Given("payload_format") ? PayloadFormat : settings.PayloadFormat,
        Verification = Given("verification") ? Verification : settings.Verification,
        Metadata = Given("metadata") ? Json.Metadata.Merge(settings.Metadata, Metadata) : settings.Metadata,
    };
}
