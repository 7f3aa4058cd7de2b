using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Hookstream.Delivery.Tests;

/// <summary>Remembers what was logged, properties named as the server's log names them.</summary>
internal sealed class RecordedLog : ILoggerProvider, ILogger
{
    public ConcurrentQueue<(int Id, LogLevel Level, string Text, IReadOnlyDictionary<string, object?> Properties)> Lines { get; } =
        new();

    public int Count(int id) => Lines.Count(line => line.Id == id);

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        Microsoft.Extensions.Logging.EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter) =>
        Lines.Enqueue((
            eventId.Id,
            logLevel,
            formatter(state, exception),
            ((IEnumerable<KeyValuePair<string, object?>>)state!).ToDictionary(
                property => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Key.TrimStart('@')), property => property.Value)));

    public void Dispose()
    {
    }
}
