namespace Hookstream.Core.Deliveries;

/// <summary>One HTTP request and what came of it.</summary>
public sealed record Attempt
{
    /// <summary>Most bytes of a response's body that are kept.</summary>
    public const int MaxResponseBody = 4096;

    /// <summary>The attempt's id.</summary>
    public required AttemptId Id { get; init; }

    /// <summary>1, 2, …; goes on after a replay.</summary>
    public required int Number { get; init; }

    /// <summary>Why it was made.</summary>
    public required AttemptTrigger Trigger { get; init; }

    /// <summary>UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>From the start to the end of the response, or to the failure.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>What came of it.</summary>
    public required AttemptOutcome Outcome { get; init; }

    /// <summary>The response's status; null without one.</summary>
    public int? StatusCode { get; init; }

    /// <summary>For people; null when delivered.</summary>
    public string? Error { get; init; }

    /// <summary>What was sent, as a JSON object of strings in UTF-8.</summary>
    public required ReadOnlyMemory<byte> RequestHeaders { get; init; }

    /// <summary>What came back, as a JSON object of strings in UTF-8; empty without a response.</summary>
    public ReadOnlyMemory<byte> ResponseHeaders { get; init; }

    /// <summary>The first <see cref="MaxResponseBody"/> bytes of the response's body; null without a response.</summary>
    public ReadOnlyMemory<byte>? ResponseBody { get; init; }

    /// <summary>True when the body went on after what was kept.</summary>
    public bool ResponseTruncated { get; init; }

    /// <summary>
    /// True when the lease had been lost by the time it was recorded: it changed nothing else.
    /// </summary>
    public bool Late { get; init; }
}
