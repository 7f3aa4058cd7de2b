using Hookstream.Core.Statistics;

namespace Hookstream.Api.Statistics;

/// <summary>How deliveries have gone of late, and what waits now.</summary>
/// <param name="Windows">The figures of three windows, each up to now.</param>
/// <param name="Waiting">What waits now.</param>
internal sealed record StatisticsResponse(WindowsResponse Windows, WaitingResponse Waiting)
{
    public static StatisticsResponse Of(StatisticsReport report) => new(
        new WindowsResponse(FiguresResponse.Of(report.Hour), FiguresResponse.Of(report.Day), FiguresResponse.Of(report.Week)),
        new WaitingResponse(report.Waiting.Pending, report.Waiting.Held, report.Waiting.Failed, report.Waiting.Complete));
}
