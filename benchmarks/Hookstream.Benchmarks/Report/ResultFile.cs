using System.Globalization;

namespace Hookstream.Benchmarks.Report;

internal static class ResultFile
{
    public static async Task<string> WriteAsync(
        string directory,
        string kind,
        DateTimeOffset now,
        string text,
        CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(directory);
        var path = Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"{now:yyyy-MM-dd}-{kind}.md"));
        await File.WriteAllTextAsync(path, text, cancellationToken);
        return path;
    }
}
