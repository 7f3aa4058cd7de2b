using System.Text.Json;
using Hookstream.Api.Json;
using Hookstream.Core.Retries;

namespace Hookstream.Api.Subscribers;

/// <summary>Reads the writable fields of a subscriber; the same for making and changing one.</summary>
internal static class SubscriberFields
{
    private const int MaxFilters = 100;
    private const int MaxDescription = 1024;
    private const int MaxScheduleText = 512;

    private static readonly string ScheduleAccepted =
        $"must be an array of 1 to {RetrySchedule.MaxAttempts} durations, each {DurationText.Accepted}, up to 30d";

    public static SubscriberChange Read(FieldReader fields, ApiOptions options)
    {
        var change = new SubscriberChange
        {
            Given = fields.Has,
            Url = EndpointUrl.Read(fields),
            Events = ReadEvents(fields),
            Description = fields.Text("description", MaxDescription, allowEmpty: true),
            Timeout = fields.Integer("timeout_ms", 1_000, 120_000) is { } timeout ? TimeSpan.FromMilliseconds(timeout) : null,
            RetrySchedule = ReadSchedule(fields),
            MaxInFlight = fields.Integer("max_in_flight", 1, 1_000),
            RateLimitPerSecond = fields.Number("rate_limit_per_second", 0.1, 10_000),
            CircuitThreshold = fields.Integer("circuit_threshold", 1, 1_000),
            CircuitCooldown = ReadCooldown(fields),
            Headers = HeaderFields.Read(fields),
            PayloadFormat = fields.OneOf("payload_format", SubscriberWords.PayloadFormats) ?? default,
            Verification = fields.OneOf("verification", SubscriberWords.Verifications),
            Metadata = fields.Object("metadata", Json.Metadata.MaxBytes),
        };
        if (options.DefaultVerification == VerificationMode.Required
            && change.Verification is { } asked && asked < VerificationMode.Required)
            fields.Errors.Add("verification", "must be 'required': this deployment sets HOOKSTREAM_VERIFICATION");
        return change;
    }

    private static List<EventFilter>? ReadEvents(FieldReader fields)
    {
        var name = fields.Has("events") || !fields.Has("event_types") ? "events" : "event_types";
        if (fields.Has("events") && fields.Has("event_types"))
            fields.Errors.Add("event_types", "is the same field as 'events'; give one of them");
        if (fields.Value(name) is not { } value)
            return null;
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() is 0 or > MaxFilters)
        {
            fields.Errors.Add(name, $"must be an array of 1 to {MaxFilters} filters, each {EventFilter.Accepted}");
            return null;
        }

        var filters = new List<EventFilter>();
        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.String && EventFilter.TryParse(item.GetString(), out var filter))
                filters.Add(filter!);
            else
                fields.Errors.Add($"{name}[{index}]", $"must be {EventFilter.Accepted}");
            index++;
        }

        return filters;
    }

    private static TimeSpan? ReadCooldown(FieldReader fields)
    {
        const string Name = "circuit_cooldown";
        if (fields.Value(Name) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.String
            && DurationText.TryParse(value.GetString(), out var cooldown)
            && cooldown >= TimeSpan.FromSeconds(1)
            && cooldown <= TimeSpan.FromDays(1))
            return cooldown;
        fields.Errors.Add(Name, $"must be {DurationText.Accepted}, from 1s to 24h");
        return null;
    }

    private static RetrySchedule? ReadSchedule(FieldReader fields)
    {
        const string Name = "retry_schedule";
        if (fields.Value(Name) is not { } value)
            return null;
        var texts = value.ValueKind switch
        {
            JsonValueKind.String when value.GetString() is { Length: <= MaxScheduleText } text => text.Split(','),
            JsonValueKind.Array when value.GetArrayLength() <= RetrySchedule.MaxAttempts =>
                value.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String ? item.GetString()! : "").ToArray(),
            _ => [],
        };

        var delays = new List<TimeSpan>();
        foreach (var text in texts)
        {
            if (DurationText.TryParse(text, out var delay))
                delays.Add(delay);
        }

        if (delays.Count == texts.Length && RetrySchedule.TryCreate(delays, out var schedule))
            return schedule;
        fields.Errors.Add(Name, ScheduleAccepted);
        return null;
    }
}
