using Microsoft.Extensions.Logging;

namespace Hookstream.Storage.Postgres.Maintenance;

/// <summary>Log messages of the chores: event ids 560 to 579.</summary>
internal static partial class MaintenanceLog
{
    [LoggerMessage(560, LogLevel.Warning, "The store did not answer a health check")]
    public static partial void HealthCheckFailed(ILogger logger, Exception? exception);

    [LoggerMessage(561, LogLevel.Information,
        "The partitions of {Day} are detached, but someone still reads them; they are dropped when that is over")]
    public static partial void DetachUnfinished(ILogger logger, Exception exception, DateOnly day);

    [LoggerMessage(562, LogLevel.Debug, "The partitions of {Day} are removed: {Rows} deliveries and events")]
    public static partial void DayRemoved(ILogger logger, DateOnly day, long rows);

    [LoggerMessage(563, LogLevel.Debug, "The leadership of chores could not be given up; it runs out")]
    public static partial void LeadershipKept(ILogger logger, Exception exception);
}
