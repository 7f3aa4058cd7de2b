using System.Globalization;

namespace Hookstream.Benchmarks.Telemetry;

/// <summary>What became of the spans of one kind of round.</summary>
internal sealed class SpanLedger(SpanSinkClient sink, MetricsScraper scraper)
{
    private readonly List<(SpanCounts Arrived, long Dropped)> _rounds = [];
    private (SpanCounts Arrived, long Dropped) _before;

    public SpanCounts Arrived => _rounds.Aggregate(default(SpanCounts), (sum, round) => sum + round.Arrived);

    public long Dropped => _rounds.Sum(round => round.Dropped);

    /// <summary>Counts from here.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken) => _before = await NowAsync(cancellationToken);

    /// <summary>Waits for what is on its way.</summary>
    public Task SettleAsync(CancellationToken cancellationToken) => sink.SettledAsync(cancellationToken);

    /// <summary>Waits for what is on its way, and counts the spans of a round.</summary>
    public async Task EndRoundAsync(CancellationToken cancellationToken)
    {
        var now = await NowAsync(cancellationToken);
        _rounds.Add((now.Arrived - _before.Arrived, now.Dropped - _before.Dropped));
        _before = now;
        BenchmarkRun.Say($"    spans: {_rounds[^1].Arrived.Spans:n0} arrived, {_rounds[^1].Dropped:n0} were dropped");
    }

    /// <summary>What arrived and what was dropped in a round.</summary>
    public string Round(int index) =>
        string.Create(CultureInfo.InvariantCulture, $"{_rounds[index].Arrived.Spans:n0} + {_rounds[index].Dropped:n0}");

    private async Task<(SpanCounts Arrived, long Dropped)> NowAsync(CancellationToken cancellationToken) =>
        (await sink.SettledAsync(cancellationToken), await scraper.DroppedSpansAsync(cancellationToken));
}
