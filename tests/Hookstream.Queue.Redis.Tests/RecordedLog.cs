using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Hookstream.Queue.Redis.Tests;

/// <summary>Remembers what was logged, and shows it with the test's output.</summary>
internal sealed class RecordedLog : ILoggerFactory, ILogger
{
    private readonly ConcurrentQueue<(int Id, string Text)> _lines = new();

    public int Count(int id) => _lines.Count(line => line.Id == id);

    public string TextOf(int id) => _lines.First(line => line.Id == id).Text;

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var text = formatter(state, exception);
        _lines.Enqueue((eventId.Id, text));
        TestContext.Current.TestOutputHelper?.WriteLine($"{eventId.Id} {text} {exception}");
    }

    public void Dispose()
    {
    }
}
