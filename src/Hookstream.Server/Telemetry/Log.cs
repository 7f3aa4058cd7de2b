namespace Hookstream.Server.Telemetry;

/// <summary>What the exports of traces and metrics log: event ids 450 to 499.</summary>
internal static partial class Log
{
    [LoggerMessage(
        450, LogLevel.Warning, "Telemetry is not exported to {Endpoint}: {Failures} exports in a row have failed and are lost, the last one: {Reason}")]
    public static partial void ExportFails(ILogger logger, string endpoint, long failures, string reason);

    [LoggerMessage(451, LogLevel.Information, "Telemetry is exported to {Endpoint} again, after {Failures} exports that failed")]
    public static partial void ExportWorksAgain(ILogger logger, string endpoint, long failures);
}
