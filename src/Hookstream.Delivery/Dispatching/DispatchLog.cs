using Microsoft.Extensions.Logging;

namespace Hookstream.Delivery.Dispatching;

internal static partial class DispatchLog
{
    [LoggerMessage(301, LogLevel.Warning, "Delivery {Delivery} to {Endpoint} is dead-lettered unsent: {Reason}")]
    public static partial void Expired(
        this ILogger logger, DeliveryId delivery, SubscriberId endpoint, string reason);

    [LoggerMessage(302, LogLevel.Error, "Claiming failed; it is tried again in {BackoffMs} ms")]
    public static partial void ClaimFailed(this ILogger logger, double backoffMs, Exception exception);

    [LoggerMessage(303, LogLevel.Warning, "Claiming works again after {Failures} failures")]
    public static partial void ClaimResumed(this ILogger logger, int failures);

    [LoggerMessage(304, LogLevel.Warning, "{Count} unused leases could not be given back; they run out by themselves")]
    public static partial void ReleaseFailed(this ILogger logger, int count, Exception exception);

    [LoggerMessage(305, LogLevel.Error, "The request for {Delivery} could not be made")]
    public static partial void SendFailed(this ILogger logger, DeliveryId delivery, Exception exception);

    [LoggerMessage(306, LogLevel.Warning, "{Count} leases could not be renewed; it is tried again")]
    public static partial void RenewFailed(this ILogger logger, int count, Exception exception);

    [LoggerMessage(307, LogLevel.Warning,
        "The lease of {Delivery} was lost while it was sent; its outcome will be recorded as late")]
    public static partial void LeaseLost(this ILogger logger, DeliveryId delivery);

    [LoggerMessage(308, LogLevel.Warning,
        "This process stood still for longer than a lease; {Delivery} is not held any more and was not sent")]
    public static partial void NotSent(this ILogger logger, DeliveryId delivery);

    [LoggerMessage(309, LogLevel.Information, "Stopping: {InFlight} sends have up to {DeadlineSeconds} s to end")]
    public static partial void Stopping(this ILogger logger, int inFlight, double deadlineSeconds);

    [LoggerMessage(310, LogLevel.Warning, "{Count} sends did not end in time and are cut off")]
    public static partial void CutOff(this ILogger logger, int count);

    [LoggerMessage(311, LogLevel.Error,
        "Stopped before every outcome could be recorded; what is missing is sent again when its lease has run out")]
    public static partial void OutcomesLost(this ILogger logger);

    [LoggerMessage(312, LogLevel.Error,
        "{LostLeases} processes in a row were gone before they recorded what came of {Delivery} to {Endpoint}; it counts as failed, unsent")]
    public static partial void LeasesLost(this ILogger logger, DeliveryId delivery, SubscriberId endpoint, int lostLeases);
}
