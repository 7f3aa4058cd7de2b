using Hookstream.Core.Statistics;

namespace Hookstream.Api.Statistics;

/// <summary>What came of the attempts of a window.</summary>
/// <param name="Attempts">All of them.</param>
/// <param name="Delivered">Those that delivered.</param>
/// <param name="Failed">Those that failed and are followed by another.</param>
/// <param name="DeadLetter">Those that failed and were the last ones.</param>
/// <param name="SuccessRate">`delivered` of `attempts`, 0 to 1; null when there were none.</param>
/// <param name="LatencyMs">How long the attempts took, in milliseconds.</param>
/// <param name="DeliveryLatencyMs">From the event's acceptance, or the last replay, to the delivery, in milliseconds.</param>
internal sealed record FiguresResponse(
    long Attempts,
    long Delivered,
    long Failed,
    long DeadLetter,
    double? SuccessRate,
    PercentilesResponse LatencyMs,
    PercentilesResponse DeliveryLatencyMs)
{
    public static FiguresResponse Of(StatisticsFigures figures) => new(
        figures.Attempts,
        figures.Delivered,
        figures.Failed,
        figures.DeadLetter,
        figures.SuccessRate is { } rate ? Math.Round(rate, 6) : null,
        PercentilesResponse.Of(figures.Durations),
        PercentilesResponse.Of(figures.Latencies));
}
