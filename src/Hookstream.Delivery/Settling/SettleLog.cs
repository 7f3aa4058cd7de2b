using Microsoft.Extensions.Logging;

namespace Hookstream.Delivery.Settling;

internal static partial class SettleLog
{
    [LoggerMessage(320, LogLevel.Error,
        "The store does not take outcomes; {Count} wait, nothing is lost, and it is tried again until it does")]
    public static partial void SettlingStalled(this ILogger logger, int count, Exception exception);

    [LoggerMessage(321, LogLevel.Information, "The store takes outcomes again after {StalledSeconds} s")]
    public static partial void SettlingResumed(this ILogger logger, double stalledSeconds);

    [LoggerMessage(322, LogLevel.Error, "A batch of {Count} outcomes could not be recorded; each is tried alone")]
    public static partial void BatchFailed(this ILogger logger, int count, Exception exception);

    [LoggerMessage(323, LogLevel.Error,
        "The outcome of {Delivery} could not be recorded; it will be sent again when its lease has run out")]
    public static partial void OutcomeLost(this ILogger logger, DeliveryId delivery, Exception exception);

    [LoggerMessage(324, LogLevel.Error, "Outcomes that are recorded could not be counted; metrics are short of them")]
    public static partial void NotCounted(this ILogger logger, Exception exception);
}
