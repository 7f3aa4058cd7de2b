using Hookstream.Core.Tracing;
using Microsoft.Extensions.Logging;

namespace Hookstream.Delivery.Dispatching;

/// <summary>The one line of every attempt: <see cref="AttemptLine"/>.</summary>
internal static class AttemptLog
{
    private static readonly Microsoft.Extensions.Logging.EventId Id = new(300, nameof(AttemptMade));

    private static readonly Func<AttemptLine, Exception?, string> Message = static (line, _) => line.ToString();

    public static void AttemptMade(this ILogger logger, DeliveryWork work, TraceContext? trace, Settlement settlement, DateTimeOffset now)
    {
        if (logger.IsEnabled(LogLevel.Information))
            logger.Log(LogLevel.Information, Id, new AttemptLine(work, trace, settlement, now), null, Message);
    }
}
