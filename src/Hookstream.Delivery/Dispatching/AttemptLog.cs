using Microsoft.Extensions.Logging;

namespace Hookstream.Delivery.Dispatching;

/// <summary>
/// The one line of every attempt: what was sent where, what came of it, and what becomes of the delivery. The names of its
/// properties are what people search and alert on; never payloads, headers or secrets.
/// </summary>
internal static partial class AttemptLog
{
    public static void AttemptMade(this ILogger logger, DeliveryWork work, Settlement settlement, DateTimeOffset now)
    {
        if (!logger.IsEnabled(LogLevel.Information))
            return;
        var attempt = settlement.Attempt!;
        Write(
            logger,
            work.Lease.Tenant,
            work.Event,
            work.EventType.Value,
            work.Lease.Delivery,
            work.Lease.Subscriber,
            attempt.Number,
            attempt.Trigger.ToCode(),
            attempt.Outcome.ToCode(),
            attempt.StatusCode,
            Math.Round(attempt.Duration.TotalMilliseconds, 3),
            StatusAfter(work, settlement.Disposition).ToCode(),
            NextAttempt(settlement, now),
            work.Trace?.TraceId);
    }

    // The message names the delivery only: the rest are properties, and writing each twice would cost more than it tells.
#pragma warning disable SYSLIB1015
    [LoggerMessage(
        300,
        LogLevel.Information,
        "Attempt {Attempt} of {Delivery}: {Outcome} in {DurationMs} ms; the delivery is now {Status}",
        SkipEnabledCheck = true)]
    private static partial void Write(
        ILogger logger,
        TenantId tenant,
        EventId @event,
        string eventType,
        DeliveryId delivery,
        SubscriberId endpoint,
        int attempt,
        string trigger,
        string outcome,
        int? statusCode,
        double durationMs,
        string status,
        DateTimeOffset? nextAttemptAt,
        string? traceId);
#pragma warning restore SYSLIB1015

    private static DeliveryStatus StatusAfter(DeliveryWork work, Disposition disposition) => disposition switch
    {
        Disposition.Delivered => DeliveryStatus.Delivered,
        Disposition.Retry => DeliveryStatus.Failed,
        Disposition.DeadLetter => DeliveryStatus.DeadLetter,
        // What was cut off is as it was before.
        Disposition.Release => work.Failures == 0 ? DeliveryStatus.Pending : DeliveryStatus.Failed,
        _ => throw new ArgumentOutOfRangeException(nameof(disposition), disposition, null),
    };

    private static DateTimeOffset? NextAttempt(Settlement settlement, DateTimeOffset now) => settlement.Disposition switch
    {
        Disposition.Retry => now + settlement.RetryIn,
        Disposition.Release => now,
        _ => null,
    };
}
