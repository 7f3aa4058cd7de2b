using Hookstream.Benchmarks.Report;

namespace Hookstream.Benchmarks.CommandLine;

/// <summary>One benchmark as the command line offers it.</summary>
internal sealed record Benchmark(string Name, string Description)
{
    public required Func<BenchmarkRun, CancellationToken, Task<Section>> Run { get; init; }
}
