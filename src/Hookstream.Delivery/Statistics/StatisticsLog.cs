using Microsoft.Extensions.Logging;

namespace Hookstream.Delivery.Statistics;

/// <summary>What is logged about statistics: event ids 370 to 379.</summary>
internal static partial class StatisticsLog
{
    [LoggerMessage(370, LogLevel.Warning, "Statistics could not be stored; they are kept and added with the next ones")]
    public static partial void StatisticsKept(this ILogger logger, Exception exception);

    [LoggerMessage(371, LogLevel.Warning, "Statistics could not be rolled up; they take more space until they are")]
    public static partial void RollUpFailed(this ILogger logger, Exception exception);
}
