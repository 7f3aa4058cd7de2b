using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using Hookstream.Core.Ids;

namespace Hookstream.Benchmarks.Parts.Ids;

/// <summary>Writing and reading TypeIDs, beside what .NET itself needs for the hex form of the same 128 bits.</summary>
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
public class IdTextBenchmarks
{
    private readonly Guid _id = Guid.CreateVersion7();
    private string _text = "";
    private string _hex = "";

    [GlobalSetup]
    public void Prepare()
    {
        _text = Format();
        _hex = GuidFormat();
        if (Parse() != _id || GuidParse() != _id)
            throw new InvalidOperationException("an id does not read as it was written");
    }

    [Benchmark(Baseline = true), BenchmarkCategory("format")]
    public string GuidFormat() => _id.ToString("N");

    [Benchmark, BenchmarkCategory("format")]
    public string Format() => TypeId.Format("evt", _id);

    [Benchmark(Baseline = true), BenchmarkCategory("parse")]
    public Guid GuidParse() => Guid.TryParseExact(_hex, "N", out var id) ? id : default;

    [Benchmark, BenchmarkCategory("parse")]
    public Guid Parse() => TypeId.TryParse("evt", _text, out var id) ? id : default;
}
