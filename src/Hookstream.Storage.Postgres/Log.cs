using Microsoft.Extensions.Logging;

namespace Hookstream.Storage.Postgres;

/// <summary>Log messages of the PostgreSQL store: event ids 500 to 599.</summary>
internal static partial class Log
{
    [LoggerMessage(500, LogLevel.Debug, "Schema: {Step}")]
    public static partial void MigrationStep(ILogger logger, string step);
}
