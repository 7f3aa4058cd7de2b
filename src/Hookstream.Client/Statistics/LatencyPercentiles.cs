namespace Hookstream.Client.Statistics;

/// <summary>Percentiles, within 4.5 % of the exact ones; null when there is nothing.</summary>
public sealed record LatencyPercentiles
{
    /// <summary>Half took no longer.</summary>
    public double? P50 { get; init; }

    /// <summary>95 of 100 took no longer.</summary>
    public double? P95 { get; init; }

    /// <summary>99 of 100 took no longer.</summary>
    public double? P99 { get; init; }
}
