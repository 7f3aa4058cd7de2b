using System.Text.Json;

namespace Hookstream.Client.Deliveries;

/// <summary>One HTTP request to a subscriber.</summary>
public sealed record Attempt
{
    /// <summary>The id, <c>att_…</c>; null for a test, which is stored nowhere.</summary>
    public string? Id { get; init; }

    /// <summary>1, 2, …; goes on over replays.</summary>
    public int Number { get; init; }

    /// <summary>Why it was made: <c>schedule</c>, <c>replay</c>, <c>probe</c> or <c>test</c>.</summary>
    public string? Trigger { get; init; }

    /// <summary>When it started.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>How long it took, in milliseconds.</summary>
    public double? DurationMs { get; init; }

    /// <summary><c>delivered</c>, <c>http_status</c>, <c>timeout</c>, <c>connection_refused</c>, <c>connection_reset</c>,
    /// <c>dns_failure</c>, <c>tls_failure</c>, <c>blocked_address</c>, <c>invalid_response</c> or <c>interrupted</c>.</summary>
    public required string Outcome { get; init; }

    /// <summary>The HTTP status of the answer; null without one.</summary>
    public int? StatusCode { get; init; }

    /// <summary>What went wrong, as the server gives it: text or an object; null when nothing did.</summary>
    public JsonElement? Error { get; init; }

    /// <summary>The headers that were sent, as the server gives them.</summary>
    public JsonElement? RequestHeaders { get; init; }

    /// <summary>The headers that came back, as the server gives them; null without an answer.</summary>
    public JsonElement? ResponseHeaders { get; init; }

    /// <summary>The start of the answer's body, up to 4 KiB; null without one.</summary>
    public string? ResponseBody { get; init; }

    /// <summary>True when the answer's body was longer than what is kept.</summary>
    public bool ResponseTruncated { get; init; }
}
