using Microsoft.Extensions.Logging;

namespace Hookstream.Queue.Redis;

/// <summary>Log messages of the Redis queue: event ids 600 to 699.</summary>
internal static partial class Log
{
    [LoggerMessage(600, LogLevel.Information, "Queue in Redis {Version} at {Server}")]
    public static partial void Connected(ILogger logger, string version, string server);

    [LoggerMessage(601, LogLevel.Warning,
        "Redis is away: {Reason}. Events are accepted all the same; nothing is delivered until it is back")]
    public static partial void Away(ILogger logger, string reason);

    [LoggerMessage(602, LogLevel.Information, "Redis is back after {Seconds:0.0} s; it is filled from the store")]
    public static partial void Back(ILogger logger, double seconds);

    [LoggerMessage(603, LogLevel.Warning,
        "Redis may evict keys: its maxmemory-policy is {Policy}. What it evicts is delivered late; set it to noeviction")]
    public static partial void Evicts(ILogger logger, string policy);

    [LoggerMessage(604, LogLevel.Warning,
        "Whether Redis may evict keys could not be read; see to it that its maxmemory-policy is noeviction")]
    public static partial void EvictionUnknown(ILogger logger);

    [LoggerMessage(605, LogLevel.Information, "Redis does not hold the queue as it was left ({Reason}); it is filled from the store")]
    public static partial void Refilling(ILogger logger, string reason);

    [LoggerMessage(606, LogLevel.Information,
        "The queue in Redis was filled from the store: {Deliveries} unfinished deliveries looked at in {Seconds:0.0} s, {Removed} removed that wait no more")]
    public static partial void Refilled(ILogger logger, long deliveries, double seconds, long removed);

    [LoggerMessage(607, LogLevel.Warning, "The queue in Redis could not be compared with the store; it is tried again")]
    public static partial void SweepFailed(ILogger logger, Exception exception);

    [LoggerMessage(608, LogLevel.Warning, "What waits beyond the bound of a lane could not be read; it is tried again")]
    public static partial void TopUpFailed(ILogger logger, Exception exception);

    [LoggerMessage(609, LogLevel.Warning, "Redis does not say which server it is; after a failover the queue is refilled slowly only")]
    public static partial void IdentityUnknown(ILogger logger);

    [LoggerMessage(611, LogLevel.Information,
        "A process was heard of {Seconds:0.0} s ago and no more: {Deliveries} unfinished deliveries from then on were looked at")]
    public static partial void NodeGone(ILogger logger, long deliveries, double seconds);

    [LoggerMessage(610, LogLevel.Error, "Redis refused a call")]
    public static partial void Refused(ILogger logger, Exception exception);
}
