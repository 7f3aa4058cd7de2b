using Hookstream.Core.Statistics;

namespace Hookstream.Api.Statistics;

/// <summary>Percentiles, within 4.5 % of the exact ones; null when there is nothing.</summary>
/// <param name="P50">Half took no longer.</param>
/// <param name="P95">95 of 100 took no longer.</param>
/// <param name="P99">99 of 100 took no longer.</param>
internal sealed record PercentilesResponse(double? P50, double? P95, double? P99)
{
    public static PercentilesResponse Of(LatencyHistogram histogram) =>
        new(histogram.Percentile(0.50), histogram.Percentile(0.95), histogram.Percentile(0.99));
}
