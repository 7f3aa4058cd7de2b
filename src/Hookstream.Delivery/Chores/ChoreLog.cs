using Microsoft.Extensions.Logging;

namespace Hookstream.Delivery.Chores;

internal static partial class ChoreLog
{
    [LoggerMessage(360, LogLevel.Error, "The store's background work failed; it is tried again")]
    public static partial void BacklogFailed(this ILogger logger, Exception exception);

    [LoggerMessage(361, LogLevel.Error, "Removing what is older than the retention failed; it is tried again in an hour")]
    public static partial void RetentionFailed(this ILogger logger, Exception exception);

    [LoggerMessage(362, LogLevel.Information, "Removed {Count} deliveries and events older than {RetentionDays} days")]
    public static partial void Removed(this ILogger logger, long count, int retentionDays);

    [LoggerMessage(363, LogLevel.Warning, "Dead-lettered {Count} deliveries that waited longer than the maximum age behind open circuits or rate limits")]
    public static partial void Expired(this ILogger logger, int count);

    [LoggerMessage(364, LogLevel.Error, "Looking for what has waited too long failed; it is tried again")]
    public static partial void ExpiryFailed(this ILogger logger, Exception exception);

    [LoggerMessage(365, LogLevel.Error, "Measuring what waits failed; metrics have nothing of it until it works again")]
    public static partial void BacklogNotMeasured(this ILogger logger, Exception exception);
}
