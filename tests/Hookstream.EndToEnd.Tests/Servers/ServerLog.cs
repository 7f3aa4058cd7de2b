using System.Text.Json;

namespace Hookstream.EndToEnd.Tests.Servers;

/// <summary>What a server process wrote to stdout and stderr, line by line.</summary>
internal sealed class ServerLog
{
    private static readonly string[] LevelNames = ["level", "loglevel", "log_level", "severity"];
    private static readonly string[] BadLevels = ["error", "critical", "fatal"];
    private static readonly string[] ExceptionMarks = ["Unhandled", "Exception", "   at "];
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];

    /// <summary>How many lines there are now; pass it to <see cref="Since"/> later.</summary>
    public int Mark
    {
        get
        {
            lock (_lock)
                return _lines.Count;
        }
    }

    public void Add(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
            return;
        lock (_lock)
            _lines.Add(line);
    }

    public IReadOnlyList<string> Since(int mark)
    {
        lock (_lock)
            return _lines[mark..];
    }

    /// <summary>
    /// Log lines that are not JSON, are logged as errors, or come from an exception that nobody handled. The greeting for
    /// people at start is text, so text is complained about only where it looks like an exception.
    /// </summary>
    public IReadOnlyList<string> Problems(int since = 0) => [.. Since(since).Where(IsProblem)];

    /// <summary>The lines that are JSON objects and say at which level they are logged.</summary>
    public IReadOnlyList<JsonElement> Records(int since = 0) =>
        [.. Since(since).Select(Parse).OfType<JsonElement>().Where(record => LevelOf(record) is not null)];

    /// <summary>Waits for a line that contains <paramref name="text"/>: what was logged before it is there then.</summary>
    public Task WaitForAsync(string text) => Eventually.TrueAsync(
        () => Task.FromResult(Since(0).Any(line => line.Contains(text, StringComparison.Ordinal))),
        () => $"a log line with '{text}'; the last lines are\n{Tail()}");

    public string Tail() => string.Join('\n', Since(0).TakeLast(40));

    private static bool IsProblem(string line)
    {
        if (!line.StartsWith('{'))
            return ExceptionMarks.Any(mark => line.Contains(mark, StringComparison.Ordinal));
        return Parse(line) is not { } record
            || BadLevels.Contains(LevelOf(record), StringComparer.OrdinalIgnoreCase)
            || line.Contains("Unhandled", StringComparison.OrdinalIgnoreCase);
    }

    private static JsonElement? Parse(string line)
    {
        if (!line.StartsWith('{'))
            return null;
        try
        {
            return JsonElement.Parse(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? LevelOf(JsonElement record) => record.EnumerateObject()
        .Where(property => LevelNames.Contains(property.Name, StringComparer.OrdinalIgnoreCase))
        .Select(property => property.Value.ToString())
        .FirstOrDefault();
}
