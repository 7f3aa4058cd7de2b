using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using Perfolizer.Horology;

namespace Hookstream.Benchmarks.Parts;

/// <summary>How the parts are measured unless the command line says otherwise: briefly, with what they allocate.</summary>
internal static class PartsConfig
{
    public static IConfig Create() => ManualConfig
        .Create(DefaultConfig.Instance)
        .AddDiagnoser(MemoryDiagnoser.Default)
        // Each run builds the server as well.
        .WithBuildTimeout(TimeSpan.FromMinutes(10))
        .AddJob(Job.Default
            .WithLaunchCount(1)
            .WithWarmupCount(3)
            .WithIterationCount(7)
            .WithIterationTime(TimeInterval.FromMilliseconds(200))
            .AsDefault());
}
