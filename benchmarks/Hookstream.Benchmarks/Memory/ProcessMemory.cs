using System.Globalization;

namespace Hookstream.Benchmarks.Memory;

/// <summary>What the kernel says of a process's memory, in MB (1,000,000 bytes).</summary>
internal readonly record struct ProcessMemory(double ResidentMb, double PeakMb, double AnonymousMb)
{
    public static async Task<ProcessMemory> ReadAsync(int processId, CancellationToken cancellationToken)
    {
        var lines = await File.ReadAllLinesAsync($"/proc/{processId}/status", cancellationToken);
        return new ProcessMemory(Field(lines, "VmRSS:"), Field(lines, "VmHWM:"), Field(lines, "RssAnon:"));
    }

    private static double Field(string[] lines, string name)
    {
        var line = lines.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))
            ?? throw new BenchmarkException($"/proc has no {name} for the server: did it end?");
        var kibibytes = line[name.Length..].Trim().Split(' ')[0];
        return long.Parse(kibibytes, CultureInfo.InvariantCulture) * 1024 / 1e6;
    }
}
