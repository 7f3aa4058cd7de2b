using ZLogger;

namespace Hookstream.Server.Hosting;

/// <summary>Logs: one JSON object a line, on standard output.</summary>
internal static class JsonLogs
{
    /// <param name="logging">What is configured.</param>
    /// <param name="level">What is less than this is left out.</param>
    /// <param name="output">Null: standard output.</param>
    public static void Configure(ILoggingBuilder logging, LogLevel level, Stream? output = null)
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
        logging.AddZLoggerLogProcessor(options =>
        {
            options.UseFormatter(() => new JsonLogFormatter());
            return new LogWriter(output ?? Console.OpenStandardOutput(), options);
        });
    }
}
