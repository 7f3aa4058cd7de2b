using Microsoft.Extensions.Logging;

namespace Hookstream.Api.Routing;

/// <summary>What the API logs: event ids 200 to 299.</summary>
internal static partial class Log
{
    // Where the trace is, is no part of the text.
#pragma warning disable SYSLIB1015
    [LoggerMessage(200, LogLevel.Error, "Request {RequestId} failed: {Method} {Path}")]
    public static partial void Failed(
        ILogger logger, Exception exception, string requestId, string method, string? path, string? traceId);

    [LoggerMessage(201, LogLevel.Debug, "Request {RequestId} was refused as {Code}: {Reason}")]
    public static partial void Refused(ILogger logger, string requestId, string code, string reason, string? traceId);
#pragma warning restore SYSLIB1015

    [LoggerMessage(202, LogLevel.Warning, "The {Part} could not be checked: {Reason}")]
    public static partial void HealthCheckFailed(ILogger logger, string part, string reason);
}
