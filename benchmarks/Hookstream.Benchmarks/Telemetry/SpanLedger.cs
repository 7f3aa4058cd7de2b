using System.Globalization;

namespace Hookstream.Benchmarks.Telemetry;

/// <summary>What became of the spans of one kind of round.</summary>
internal sealed class SpanLedger(SpanSinkClient sink, MetricsScraper scraper)
{
    private readonly List<(SpanCounts Arrived, long Dropped)> _rounds = [];

    public SpanCounts Arrived => _rounds.Aggregate(default(SpanCounts), (sum, round) => sum + round.Arrived);

    public long Dropped => _rounds.Sum(round => round.Dropped);

    /// <summary>Runs a round, and counts its spans.</summary>
    public async Task DuringAsync(Func<Task> round, CancellationToken cancellationToken)
    {
        var (arrivedBefore, droppedBefore) = await NowAsync(cancellationToken);
        await round();
        var (arrived, dropped) = await NowAsync(cancellationToken);
        _rounds.Add((arrived - arrivedBefore, dropped - droppedBefore));
        BenchmarkRun.Say($"    spans: {arrived.Spans - arrivedBefore.Spans:n0} arrived, {dropped - droppedBefore:n0} were dropped");
    }

    /// <summary>What arrived and what was dropped in a round, of so many measurements.</summary>
    public string Round(int index, int measurements)
    {
        var all = _rounds.Skip(index * measurements).Take(measurements).ToArray();
        return string.Create(
            CultureInfo.InvariantCulture, $"{all.Sum(one => one.Arrived.Spans):n0} + {all.Sum(one => one.Dropped):n0}");
    }

    private async Task<(SpanCounts Arrived, long Dropped)> NowAsync(CancellationToken cancellationToken) =>
        (await sink.SettledAsync(cancellationToken), await scraper.DroppedSpansAsync(cancellationToken));
}
