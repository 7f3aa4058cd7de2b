namespace Hookstream.Core.Diagnoses;

/// <summary>An attempt that failed, with as much of it as a diagnosis may look at.</summary>
public sealed record FailedAttempt
{
    /// <summary>The delivery that it was made for.</summary>
    public required DeliveryId Delivery { get; init; }

    /// <summary>The delivery's event: what it carries must not be repeated to anybody.</summary>
    public required EventId Event { get; init; }

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

    /// <summary>For people.</summary>
    public string? Error { get; init; }

    /// <summary>What was kept of the response's body; null without a response.</summary>
    public ReadOnlyMemory<byte>? ResponseBody { get; init; }

    /// <summary>True when the body went on after what was kept.</summary>
    public bool ResponseTruncated { get; init; }
}
