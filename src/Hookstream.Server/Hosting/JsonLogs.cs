using ZLogger;

namespace Hookstream.Server.Hosting;

/// <summary>Logs: one JSON object a line, on standard output.</summary>
internal static class JsonLogs
{
    public static void Configure(ILoggingBuilder logging, LogLevel level)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(level);
        // Their own lines about each request read state of a request that has ended by the time they are written.
        logging.AddFilter("Microsoft", LogLevel.Warning);
        // As long as somebody could read what it says of a request, it makes a span and a scope for each: ours are our own.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        // What keeps the host from starting is thrown as well, and told in one line: a stack trace before it would hide it.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        logging.AddFilter("System.Net.Http", LogLevel.Warning);
        logging.AddZLoggerConsole(options => options.UseFormatter(() => new JsonLogFormatter()));
    }
}
