using System.Globalization;
using System.Runtime.InteropServices;
using Hookstream.Benchmarks.Processes;

namespace Hookstream.Benchmarks.Report;

/// <summary>What the figures were measured on.</summary>
internal sealed record Machine(IReadOnlyList<MachineFact> Facts)
{
    public static async Task<Machine> DescribeAsync(
        string serverAssembly,
        string dataRoot,
        DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var processors = await File.ReadAllLinesAsync("/proc/cpuinfo", cancellationToken);
        var memory = await File.ReadAllLinesAsync("/proc/meminfo", cancellationToken);
        var load = await File.ReadAllTextAsync("/proc/loadavg", cancellationToken);
        var syncMs = await Disk.MedianSyncMsAsync(dataRoot, cancellationToken);
        return new Machine(
        [
            new("date", now.ToString("yyyy-MM-dd HH:mm zzz", CultureInfo.InvariantCulture)),
            new("git commit", await CommitAsync(cancellationToken)),
            new("CPU", $"{Field(processors, "model name")}, {Environment.ProcessorCount} cores"),
            new("memory", Field(memory, "MemTotal")),
            new("system", $"{RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}"),
            new("kernel", $"Linux {Environment.OSVersion.Version}"),
            new(".NET", RuntimeInformation.FrameworkDescription),
            new("SQLite", SqliteVersion.Of(serverAssembly)),
            new("data directory", $"{Disk.FileSystem(dataRoot)}, write and fsync of 4 KiB: median {syncMs:n2} ms"),
            new("load average at the start", load.Trim()),
        ]);
    }

    private static string Field(string[] lines, string name)
    {
        var line = lines.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
        return line is null ? "unknown" : line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }

    private static async Task<string> CommitAsync(CancellationToken cancellationToken)
    {
        try
        {
            var commit = await GitAsync(["rev-parse", "--short=12", "HEAD"], cancellationToken);
            var changes = await GitAsync(
                ["status", "--porcelain", "--", "src", "benchmarks/Hookstream.Benchmarks"],
                cancellationToken);
            return changes.Length == 0 ? commit : $"{commit}, with uncommitted changes";
        }
        catch (BenchmarkException noRepository)
        {
            return $"unknown ({noRepository.Message.Trim()})";
        }
    }

    private static async Task<string> GitAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var output = await ProcessCommand.RunAsync(
            "git",
            ["-C", Repository.Root, .. arguments],
            new Dictionary<string, string>(),
            cancellationToken);
        return output.Trim();
    }
}
