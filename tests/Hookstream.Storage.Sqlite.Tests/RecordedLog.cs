using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Hookstream.Storage.Sqlite.Tests;

/// <summary>Remembers what was logged, with its values by name.</summary>
internal sealed class RecordedLog : ILoggerFactory, ILogger
{
    public ConcurrentQueue<(int Id, IReadOnlyDictionary<string, object?> Values)> Lines { get; } = new();

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

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
            state is IReadOnlyList<KeyValuePair<string, object?>> values ? new Dictionary<string, object?>(values) : []));

    public void Dispose()
    {
    }
}
