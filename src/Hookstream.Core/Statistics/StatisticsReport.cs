namespace Hookstream.Core.Statistics;

/// <summary>Figures of the last hour, day and week, each up to one of its parts longer, and what waits now.</summary>
/// <param name="Hour">Of the last hour, up to a minute more.</param>
/// <param name="Day">Of the last 24 hours, up to an hour more.</param>
/// <param name="Week">Of the last 7 days, up to an hour more.</param>
/// <param name="Waiting">What waits now.</param>
public sealed record StatisticsReport(StatisticsFigures Hour, StatisticsFigures Day, StatisticsFigures Week, WaitingCount Waiting)
{
    private static readonly TimeSpan LongestWindow = TimeSpan.FromDays(7);

    /// <summary>Nothing before this is in a report.</summary>
    internal static DateTimeOffset Since(DateTimeOffset now) => StatisticsTimes.HourOf(now - LongestWindow);

    /// <summary>Adds up what is stored from <see cref="Since"/> on; each attempt is in one minute or in one hour.</summary>
    internal static StatisticsReport Of(
        IEnumerable<(StatisticsWidth Width, DateTimeOffset Begin, StatisticsFigures Figures)> stored, DateTimeOffset now, WaitingCount waiting)
    {
        var report = new StatisticsReport(new StatisticsFigures(), new StatisticsFigures(), new StatisticsFigures(), waiting);
        var hour = StatisticsTimes.MinuteOf(now - TimeSpan.FromHours(1));
        var day = StatisticsTimes.HourOf(now - TimeSpan.FromDays(1));
        foreach (var (width, begin, figures) in stored)
        {
            report.Week.Add(figures);
            if (begin >= day)
                report.Day.Add(figures);
            if (begin >= hour && width == StatisticsWidth.Minute)
                report.Hour.Add(figures);
        }

        return report;
    }
}
