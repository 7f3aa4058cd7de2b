using Hookstream.Benchmarks.Deployments;
using Hookstream.Benchmarks.Report;

namespace Hookstream.Benchmarks.CommandLine;

/// <summary>One benchmark as the command line offers it.</summary>
internal sealed record Benchmark(string Name, string Description)
{
    /// <summary>Which deployments it is for.</summary>
    public Func<Deployment, bool> IsFor { get; init; } = _ => true;

    public required Func<BenchmarkRun, CancellationToken, Task<Section>> Run { get; init; }
}
