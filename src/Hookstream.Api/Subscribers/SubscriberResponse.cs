using System.Text.Json.Serialization;
using Hookstream.Api.Json;
using Hookstream.Core.Retries;

namespace Hookstream.Api.Subscribers;

/// <summary>A subscriber. Null settings stand for the deployment's default.</summary>
internal sealed record SubscriberResponse
{
    public required string Id { get; init; }

    public required string Url { get; init; }

    /// <summary>Exact types, prefixes such as order.*, or *.</summary>
    public required IReadOnlyList<string> Events { get; init; }

    public required string? Description { get; init; }

    /// <summary>pending_verification, active, paused or disabled.</summary>
    public required string Status { get; init; }

    /// <summary>Why it is not active, for people.</summary>
    public required string? StatusReason { get; init; }

    public required DateTimeOffset? VerifiedAt { get; init; }

    /// <summary>closed, open, or half_open: the next request decides.</summary>
    public required string Circuit { get; init; }

    public required DateTimeOffset? CircuitOpenedAt { get; init; }

    /// <summary>When one request is tried, while the circuit is open.</summary>
    public required DateTimeOffset? NextProbeAt { get; init; }

    public required int? TimeoutMs { get; init; }

    /// <summary>Delay before each attempt, as durations.</summary>
    public required IReadOnlyList<string>? RetrySchedule { get; init; }

    public required int? CircuitThreshold { get; init; }

    /// <summary>A duration.</summary>
    public required string? CircuitCooldown { get; init; }

    public required int? MaxInFlight { get; init; }

    public required double? RateLimitPerSecond { get; init; }

    /// <summary>The names of the headers that are sent with every request; the values are not shown.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>standard, raw or legacy.</summary>
    public required string PayloadFormat { get; init; }

    /// <summary>none, optional or required.</summary>
    public required string Verification { get; init; }

    public required RawJson? Metadata { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The signing secret; shown by the subscriber's creation only.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Secret { get; init; }

    public static SubscriberResponse Of(Subscriber subscriber, DateTimeOffset now)
    {
        var circuit = subscriber.Gate.Circuit;
        var settings = subscriber.Settings;
        return new SubscriberResponse
        {
            Id = subscriber.Id.ToString(),
            Url = settings.Url.OriginalString,
            Events = [.. settings.Events.Select(filter => filter.Pattern)],
            Description = settings.Description,
            Status = SubscriberWords.Statuses.Format(subscriber.Gate.Status),
            StatusReason = ReasonOf(subscriber.Gate),
            VerifiedAt = subscriber.Gate.VerifiedAt,
            Circuit = SubscriberWords.Circuits.Format(circuit.StateAt(now)),
            CircuitOpenedAt = circuit.OpenedAt,
            NextProbeAt = circuit.ProbeAt,
            TimeoutMs = settings.Timeout is { } timeout ? (int)timeout.TotalMilliseconds : null,
            RetrySchedule = settings.RetrySchedule is { } schedule
                ? [.. schedule.Delays.Select(DurationText.Format)]
                : null,
            CircuitThreshold = settings.CircuitThreshold,
            CircuitCooldown = settings.CircuitCooldown is { } cooldown ? DurationText.Format(cooldown) : null,
            MaxInFlight = settings.MaxInFlight,
            RateLimitPerSecond = settings.RateLimitPerSecond,
            Headers = HeaderFields.Redact(settings.Headers),
            PayloadFormat = SubscriberWords.PayloadFormats.Format(settings.PayloadFormat),
            Verification = SubscriberWords.Verifications.Format(subscriber.Gate.Verification),
            Metadata = RawJson.Of(settings.Metadata),
            CreatedAt = subscriber.CreatedAt,
            UpdatedAt = subscriber.UpdatedAt,
        };
    }

    private static string? ReasonOf(EndpointGate gate) => gate.Status switch
    {
        SubscriberStatus.Disabled => gate.DisabledReason,
        SubscriberStatus.Paused => "paused by a person; deliveries are held until it is resumed",
        SubscriberStatus.PendingVerification => "deliveries are held until the endpoint answers the challenge",
        SubscriberStatus.Active when gate.Circuit.IsOpen => "its circuit is open after failures in a row; deliveries wait for a probe to succeed",
        _ => null,
    };
}
