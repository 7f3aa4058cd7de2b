using Hookstream.Api.Tracing;
using Microsoft.Extensions.Logging;

namespace Hookstream.Api.Events;

/// <summary>The line of every request whose events were taken: one batch, be it of one event.</summary>
internal static partial class IngestLog
{
    /// <summary>Written at debug, and worked out only then.</summary>
    /// <param name="logger">Where to.</param>
    /// <param name="context">The request.</param>
    /// <param name="tenant">Whose events they are.</param>
    /// <param name="events">How many were posted.</param>
    /// <param name="accepted">How many of them were accepted, duplicates included.</param>
    /// <param name="deliveries">How many deliveries there are of those.</param>
    /// <param name="took">From the start of the request.</param>
    public static void EventsTaken(
        this ILogger logger, HttpContext context, TenantId tenant, int events, int accepted, int deliveries, TimeSpan took)
    {
        if (!logger.IsEnabled(LogLevel.Debug))
            return;
        Write(
            logger,
            context.TraceIdentifier,
            tenant,
            events,
            accepted,
            deliveries,
            Math.Round(took.TotalMilliseconds, 3),
            RequestTrace.IdOf(context));
    }

    // The rest are properties, which need not be said twice.
#pragma warning disable SYSLIB1015
    [LoggerMessage(
        210,
        LogLevel.Debug,
        "Request {RequestId}: {Accepted} of {Events} events taken in {DurationMs} ms",
        SkipEnabledCheck = true)]
    private static partial void Write(
        ILogger logger, string requestId, TenantId tenant, int events, int accepted, int deliveries, double durationMs, string? traceId);
#pragma warning restore SYSLIB1015
}
