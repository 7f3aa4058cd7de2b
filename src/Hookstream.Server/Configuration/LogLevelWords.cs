namespace Hookstream.Server.Configuration;

/// <summary>How <c>LOG_LEVEL</c> and the log lines write levels.</summary>
internal static class LogLevelWords
{
    public static readonly IReadOnlyDictionary<string, LogLevel> All = new Dictionary<string, LogLevel>
    {
        ["trace"] = LogLevel.Trace,
        ["debug"] = LogLevel.Debug,
        ["info"] = LogLevel.Information,
        ["warn"] = LogLevel.Warning,
        ["error"] = LogLevel.Error,
        ["fatal"] = LogLevel.Critical,
    };

    /// <summary>The level's word.</summary>
    public static string ToWord(this LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "error",
        LogLevel.Critical => "fatal",
        _ => throw new ArgumentOutOfRangeException(nameof(level), level, null),
    };
}
