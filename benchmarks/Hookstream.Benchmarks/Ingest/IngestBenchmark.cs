using Hookstream.Benchmarks.Ceilings;
using Hookstream.Benchmarks.Processes;
using Hookstream.Benchmarks.Report;
using Hookstream.Benchmarks.ServerUnderTest;
using Hookstream.Benchmarks.Statistics;

namespace Hookstream.Benchmarks.Ingest;

/// <summary>POST /api/v1/events from 50 connections, beside bare Kestrel under the same load.</summary>
internal sealed class IngestBenchmark(BenchmarkRun run)
{
    // Never reached: the subscriber is paused before the first event.
    private static readonly Uri PausedEndpoint = new("http://127.0.0.1:9/hook");

    public async Task<Section> RunAsync(CancellationToken cancellationToken)
    {
        BenchmarkRun.Say($"Ingest, {run.Deployment.Title}");
        Wrk.EnsureInstalled();
        await using var bare = await OwnProcess.StartListenerAsync(BareKestrel.Role, [], cancellationToken);
        await using var alone = await run.StartServerAsync("ingest-no-subscriber", cancellationToken);
        await using var matched = await run.StartServerAsync("ingest-paused-subscriber", cancellationToken);
        using (var api = new ServerApi(matched))
        {
            var subscriber = await api.CreateSubscriberAsync(PausedEndpoint, "payment.*", cancellationToken);
            await api.PauseAsync(subscriber, cancellationToken);
        }

        var ceiling = new IngestTarget("bare Kestrel", bare.Address, "none");
        IngestTarget[] servers =
        [
            new("no subscriber", alone.Address, alone.Token),
            new("one delivery per event", matched.Address, matched.Token),
        ];
        IngestTarget[] all = [ceiling, .. servers];
        foreach (var target in all)
            await target.WarmUpAsync(run.Settings, cancellationToken);

        for (var round = 1; round <= run.Settings.Rounds; round++)
        {
            BenchmarkRun.Say($" round {round}");
            foreach (var target in all)
                await target.MeasureAsync(run.Settings, cancellationToken);
        }

        return new Section(
            $"Ingest, {run.Deployment.Title}",
            $"""
            `wrk -t2 -c{run.Settings.Connections} -d{run.Settings.IngestSeconds}s --latency -s Ingest/ingest.lua`, which
            posts the 130-byte sample payload to `/api/v1/events`, at bare Kestrel and two servers in turn, all of them
            running and warm. One server has no subscriber; the other has a matching subscriber that is paused, so that
            each event makes a delivery. An error status or a failed connection voids the run. The ratio is the median
            of the rounds' ratios.
            """,
            [.. servers.SelectMany(server => Figures(server, ceiling, hasTarget: server == servers[0]))],
            RoundTable(all));
    }

    // The ceiling makes no deliveries: what they cost beside it is for information.
    private IEnumerable<Figure> Figures(IngestTarget server, IngestTarget ceiling, bool hasTarget)
    {
        var ratio = Rounds.MedianRatio(server.Rates, ceiling.Rates);
        yield return new Figure($"ingest, {run.Deployment.Title}, {server.Name}")
        {
            Measured = $"{server.Rates.Median():n0} events/s",
            Ceiling = $"{ceiling.Rates.Median():n0}/s bare Kestrel",
            Ratio = ratio,
            Target = hasTarget ? $"ratio ≥ {run.Deployment.LeastIngest}" : "",
            Met = hasTarget ? ratio >= run.Deployment.LeastIngest : null,
        };
        yield return new Figure($"ingest p95, {run.Deployment.Title}, {server.Name}")
        {
            Measured = $"{server.P95Ms:n2} ms (p50 {server.P50Ms:n2}, p99 {server.P99Ms:n2})",
            Ceiling = $"{ceiling.P95Ms:n2} ms bare Kestrel",
            Target = run.Deployment.MostIngestP95Ms is { } most ? $"p95 < {most} ms" : "",
            Met = run.Deployment.MostIngestP95Ms is { } limit ? server.P95Ms < limit : null,
        };
    }

    private static RoundTable RoundTable(IEnumerable<IngestTarget> targets) => new(
        ["target", "round", "requests/s", "p50 ms", "p95 ms", "p99 ms"],
        [
            .. targets.SelectMany(target => target.Rounds.Select((round, index) => new[]
            {
                target.Name,
                $"{index + 1}",
                $"{round.RequestsPerSecond:n0}",
                $"{round.P50Ms:n2}",
                $"{round.P95Ms:n2}",
                $"{round.P99Ms:n2}",
            })),
        ]);
}
