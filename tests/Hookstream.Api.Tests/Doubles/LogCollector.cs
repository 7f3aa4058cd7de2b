using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Hookstream.Api.Tests.Doubles;

internal sealed class LogCollector : ILoggerProvider, ILogger
{
    public ConcurrentQueue<(LogLevel Level, EventId Id, string Text)> Entries { get; } = [];

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
        Entries.Enqueue((logLevel, new EventId(eventId.Id), formatter(state, exception)));

    public void Dispose() => Entries.Clear();

    internal readonly record struct EventId(int Number);
}
