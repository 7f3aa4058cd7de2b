using System.Text;
using Hookstream.Api.Json;

namespace Hookstream.Api.Deliveries;

/// <summary>One HTTP request and what came of it.</summary>
internal sealed record AttemptResponse
{
    public required string Id { get; init; }

    public required int Number { get; init; }

    /// <summary>schedule, replay, probe or test.</summary>
    public required string Trigger { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required long DurationMs { get; init; }

    /// <summary>
    /// delivered, http_status, timeout, connection_refused, connection_reset, dns_failure, tls_failure, blocked_address,
    /// invalid_response or interrupted.
    /// </summary>
    public required string Outcome { get; init; }

    public required int? StatusCode { get; init; }

    /// <summary>For people; null when delivered.</summary>
    public required string? Error { get; init; }

    /// <summary>What was sent.</summary>
    public required RawJson? RequestHeaders { get; init; }

    /// <summary>What came back; null without a response.</summary>
    public required RawJson? ResponseHeaders { get; init; }

    /// <summary>The start of what came back, read as UTF-8; null without a response.</summary>
    public required string? ResponseBody { get; init; }

    /// <summary>True when the body went on after what was kept.</summary>
    public required bool ResponseTruncated { get; init; }

    public static AttemptResponse Of(Attempt attempt) => new()
    {
        Id = attempt.Id.ToString(),
        Number = attempt.Number,
        Trigger = attempt.Trigger.ToCode(),
        StartedAt = attempt.StartedAt,
        DurationMs = (long)attempt.Duration.TotalMilliseconds,
        Outcome = attempt.Outcome.ToCode(),
        StatusCode = attempt.StatusCode,
        Error = attempt.Error,
        RequestHeaders = RawJson.Of(attempt.RequestHeaders),
        ResponseHeaders = RawJson.Of(attempt.ResponseHeaders),
        // What is not UTF-8 is shown as U+FFFD: it is for people to look at.
        ResponseBody = attempt.ResponseBody is { } body ? Encoding.UTF8.GetString(body.Span) : null,
        ResponseTruncated = attempt.ResponseTruncated,
    };
}
