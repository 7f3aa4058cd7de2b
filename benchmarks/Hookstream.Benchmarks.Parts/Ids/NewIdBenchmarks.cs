using BenchmarkDotNet.Attributes;
using Hookstream.Core.Events;

namespace Hookstream.Benchmarks.Parts.Ids;

/// <summary>Making an id: random bits fetched 4 KiB at a time, or one call into the operating system for each.</summary>
public class NewIdBenchmarks
{
    private readonly DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Benchmark(Baseline = true)]
    public Guid CreateVersion7() => Guid.CreateVersion7(_now);

    [Benchmark]
    public EventId EventIdNew() => EventId.New(_now);
}
