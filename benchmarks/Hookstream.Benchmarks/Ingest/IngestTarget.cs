using Hookstream.Benchmarks.Statistics;

namespace Hookstream.Benchmarks.Ingest;

/// <summary>
/// One of the servers that take turns under the same load, and what was measured of it, round by round.
/// </summary>
internal sealed class IngestTarget(string name, Uri address, string token)
{
    // Lets the target before this one finish what it does after its last answer.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);
    private readonly List<WrkResult> _rounds = [];

    public string Name => name;

    public IReadOnlyList<WrkResult> Rounds => _rounds;

    public IEnumerable<double> Rates => _rounds.Select(round => round.RequestsPerSecond);

    public double P50Ms => _rounds.Select(round => round.P50Ms).Median();

    public double P95Ms => _rounds.Select(round => round.P95Ms).Median();

    public double P99Ms => _rounds.Select(round => round.P99Ms).Median();

    public async Task WarmUpAsync(BenchmarkSettings settings, CancellationToken cancellationToken)
    {
        await Wrk.ProbeAsync(address, token, cancellationToken);
        await Wrk.RunAsync(address, token, settings.Connections, settings.IngestWarmupSeconds, cancellationToken);
    }

    public async Task MeasureAsync(BenchmarkSettings settings, CancellationToken cancellationToken)
    {
        await Task.Delay(Rest, cancellationToken);
        var result = await Wrk.RunAsync(
            address,
            token,
            settings.Connections,
            settings.IngestSeconds,
            cancellationToken);
        _rounds.Add(result);
        BenchmarkRun.Say(
            $"  {name}: {result.RequestsPerSecond:n0}/s, " +
            $"p50 {result.P50Ms:n2} ms, p95 {result.P95Ms:n2} ms, p99 {result.P99Ms:n2} ms");
    }
}
