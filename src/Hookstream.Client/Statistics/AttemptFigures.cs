namespace Hookstream.Client.Statistics;

/// <summary>What came of the attempts of a window.</summary>
public sealed record AttemptFigures
{
    /// <summary>All of them.</summary>
    public required long Attempts { get; init; }

    /// <summary>Those that delivered.</summary>
    public required long Delivered { get; init; }

    /// <summary>Those that failed and are followed by another.</summary>
    public required long Failed { get; init; }

    /// <summary>Those that failed and were the last ones.</summary>
    public required long DeadLetter { get; init; }

    /// <summary>Which share delivered, 0 to 1; null when there were none.</summary>
    public double? SuccessRate { get; init; }

    /// <summary>How long the attempts took, in milliseconds.</summary>
    public required LatencyPercentiles LatencyMs { get; init; }

    /// <summary>From the event's acceptance, or the last replay, to the delivery, in milliseconds.</summary>
    public required LatencyPercentiles DeliveryLatencyMs { get; init; }
}
