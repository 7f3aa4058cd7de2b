using Hookstream.Benchmarks.Drain;
using Hookstream.Benchmarks.Ingest;
using Hookstream.Benchmarks.Processes;
using Hookstream.Benchmarks.Receiver;
using Hookstream.Benchmarks.Report;
using Hookstream.Benchmarks.ServerUnderTest;
using Hookstream.Benchmarks.Statistics;

namespace Hookstream.Benchmarks.History;

/// <summary>Ingest and drain with millions of deliveries in the history, beside the same on an empty store.</summary>
internal sealed class HistoryBenchmark(BenchmarkRun run)
{
    private const double LeastRatio = 0.9;

    // Whose deliveries the history is; the first of its tenant, and nothing new matches it.
    private static readonly Uri PastEndpoint = new("http://127.0.0.1:9/past");

    public async Task<Section> RunAsync(CancellationToken cancellationToken)
    {
        BenchmarkRun.Say($"History, {run.Deployment.Title}");
        Wrk.EnsureInstalled();
        var settings = run.Settings;
        await using var receiver = await OwnProcess.StartListenerAsync(ReceiverHost.Role, [], cancellationToken);
        await using var empty = await run.StartServerAsync("history-none", cancellationToken);
        await using var full = await run.StartServerAsync("history", cancellationToken);
        using var counts = new ReceiverClient(receiver.Address);
        using var emptyApi = new ServerApi(empty);
        using var fullApi = new ServerApi(full);
        foreach (var api in (ServerApi[])[emptyApi, fullApi])
            await api.CreateSubscriberAsync(PastEndpoint, "history.past", cancellationToken);
        var emptyDrain = await DrainBacklog.CreateAsync(emptyApi, counts, receiver.Address, 1, cancellationToken);
        var fullDrain = await DrainBacklog.CreateAsync(fullApi, counts, receiver.Address, 1, cancellationToken);
        var started = TimeProvider.System.GetTimestamp();
        await DeliveryHistory.WriteAsync(full.DatabaseUrl, settings.HistoryDeliveries, cancellationToken);
        BenchmarkRun.Say(
            $"  {settings.HistoryDeliveries:n0} deliveries of history written in "
            + $"{TimeProvider.System.GetElapsedTime(started).TotalSeconds:n0} s");

        var emptyIngest = new IngestTarget("empty", empty.Address, empty.Token);
        var fullIngest = new IngestTarget("with history", full.Address, full.Token);
        foreach (var target in (IngestTarget[])[emptyIngest, fullIngest])
            await target.WarmUpAsync(settings, cancellationToken);
        foreach (var backlog in (DrainBacklog[])[emptyDrain, fullDrain])
            await backlog.DrainAsync(settings.DrainWarmupDeliveries, cancellationToken);
        for (var round = 1; round <= settings.Rounds; round++)
        {
            BenchmarkRun.Say($" round {round}");
            await emptyIngest.MeasureAsync(settings, cancellationToken);
            await fullIngest.MeasureAsync(settings, cancellationToken);
            await emptyDrain.MeasureAsync(settings.DrainDeliveries, cancellationToken);
            await fullDrain.MeasureAsync(settings.DrainDeliveries, cancellationToken);
        }

        return new Section(
            $"History, {run.Deployment.Title}",
            $"""
            Two servers take turns: one on an empty database, one on a database with {settings.HistoryDeliveries:n0} finished
            deliveries of the last ten days, a fifth as many events and an attempt for each delivery. Ingest as above, without a
            matching subscriber; drain as above, to one endpoint. The ratio is the median of the rounds' ratios.
            """,
            [
                Figure("ingest", "events/s", fullIngest.Rates, emptyIngest.Rates),
                Figure("drain", "sends/s", fullDrain.Rates, emptyDrain.Rates),
            ],
            new RoundTable(
                ["round", "ingest, empty", "ingest, with history", "drain, empty", "drain, with history"],
                [
                    .. emptyIngest.Rates.Select((rate, index) => new[]
                    {
                        $"{index + 1}",
                        $"{rate:n0}",
                        $"{fullIngest.Rounds[index].RequestsPerSecond:n0}",
                        $"{emptyDrain.Rounds[index].Received.Rate:n0}",
                        $"{fullDrain.Rounds[index].Received.Rate:n0}",
                    }),
                ]));
    }

    private Figure Figure(string what, string unit, IEnumerable<double> full, IEnumerable<double> empty)
    {
        var ratio = Rounds.MedianRatio(full, empty);
        return new Figure($"{what} with {run.Settings.HistoryDeliveries:n0} deliveries of history, {run.Deployment.Title}")
        {
            Measured = $"{full.Median():n0} {unit}",
            Ceiling = $"{empty.Median():n0}/s on an empty store",
            Ratio = ratio,
            Target = $"ratio ≥ {LeastRatio}",
            Met = ratio >= LeastRatio,
        };
    }
}
