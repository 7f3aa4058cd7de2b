namespace Hookstream.Server.Hosting;

/// <summary>What the server itself logs: event ids 400 to 449.</summary>
internal static partial class Log
{
    [LoggerMessage(400, LogLevel.Information, "Hookstream {Version} serves as {Role}, {Deployment}, on port {Port}")]
    public static partial void Started(ILogger logger, string version, string role, string deployment, int port);

    [LoggerMessage(401, LogLevel.Warning, "Waiting for the store, which is tried again each second: {Reason}")]
    public static partial void WaitingForStore(ILogger logger, string reason);

    [LoggerMessage(402, LogLevel.Information, "The store is there, after {Seconds} s")]
    public static partial void StoreIsThere(ILogger logger, long seconds);

    [LoggerMessage(403, LogLevel.Warning, "{Name} is no setting of this version and changes nothing; the nearest that there is: {Nearest}")]
    public static partial void UnknownSetting(ILogger logger, string name, string nearest);

    [LoggerMessage(404, LogLevel.Information, "Deliveries may reach public addresses, and {Networks}")]
    public static partial void NetworksOpened(ILogger logger, string networks);

    [LoggerMessage(405, LogLevel.Information, "Stopping in {Seconds} s; not ready any more from now on")]
    public static partial void ShutdownDelayed(ILogger logger, double seconds);

    [LoggerMessage(406, LogLevel.Information, "Stopped")]
    public static partial void Stopped(ILogger logger);

    [LoggerMessage(407, LogLevel.Information, "Stopping; sends in flight have {Seconds} s to end")]
    public static partial void Stopping(ILogger logger, double seconds);
}
