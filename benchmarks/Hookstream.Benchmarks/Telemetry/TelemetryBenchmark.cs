using System.Globalization;
using Hookstream.Benchmarks.Drain;
using Hookstream.Benchmarks.Ingest;
using Hookstream.Benchmarks.Processes;
using Hookstream.Benchmarks.Receiver;
using Hookstream.Benchmarks.Report;
using Hookstream.Benchmarks.Statistics;

namespace Hookstream.Benchmarks.Telemetry;

/// <summary>What it costs to see everything: ingest and drain with metrics, logs and traces, beside the same without any of them.</summary>
internal sealed class TelemetryBenchmark(BenchmarkRun run)
{
    private const double LeastRatio = 0.9;
    private const double LeastRatioOfLogs = 0.95;

    // There and back, so that a machine that gets slower slows all of them alike.
    private const int ThereAndBack = 2;

    // Many short drains instead of a long one: the machine changes from minute to minute by more than what is measured. There and back
    // with each of the three in the middle, because whoever is at the end has two turns in a row, and finds the caches full of its own.
    private const int DrainsPerRound = ThereAndBack * 3;

    private static readonly Dictionary<string, string> LogsAlone = new() { ["OTEL_METRICS_EXPORTER"] = "none" };

    private static readonly Dictionary<string, string> Off = new(LogsAlone) { ["LOG_LEVEL"] = "fatal" };

    public async Task<Section> RunAsync(CancellationToken cancellationToken)
    {
        BenchmarkRun.Say($"Telemetry, {run.Deployment.Title}");
        Wrk.EnsureInstalled();
        var settings = run.Settings;
        // As many as begin with the one as with the other.
        var rounds = settings.Rounds + (settings.Rounds % 2);
        await using var receiver = await OwnProcess.StartListenerAsync(ReceiverHost.Role, [], cancellationToken);
        await using var collector = await OwnProcess.StartListenerAsync(SpanSink.Role, [], cancellationToken);
        using var counts = new ReceiverClient(receiver.Address);
        await using var on = await TelemetrySide.StartAsync(run, "on", On(collector.Address), counts, receiver.Address, cancellationToken);
        await using var logs = await TelemetrySide.StartAsync(run, "logs", LogsAlone, counts, receiver.Address, cancellationToken);
        await using var off = await TelemetrySide.StartAsync(run, "off", Off, counts, receiver.Address, cancellationToken);
        using var sink = new SpanSinkClient(collector.Address);
        using var scraper = new MetricsScraper(on.Address);
        var ingestSpans = new SpanLedger(sink, scraper);
        var drainSpans = new SpanLedger(sink, scraper);
        var drainLines = new List<long>();
        foreach (var side in (TelemetrySide[])[on, logs, off])
            await side.WarmUpAsync(settings, cancellationToken);

        // All drains before all ingest, which leaves PostgreSQL with so much to write and to vacuum that the next drain pays for it.
        var deliveries = settings.DrainDeliveries * ThereAndBack / DrainsPerRound;
        await scraper.DuringAsync(DrainAllAsync(), cancellationToken);
        await scraper.DuringAsync(IngestAllAsync(), cancellationToken);

        async Task DrainAllAsync()
        {
            // Until as many more are made the servers gain speed, the more the more is on.
            await DrainRoundAsync(drain => drain.DrainAsync(deliveries, cancellationToken));
            await drainSpans.BeginAsync(cancellationToken);
            for (var round = 1; round <= rounds; round++)
            {
                BenchmarkRun.Say($" drains, round {round}");
                var lines = on.LogLines;
                await DrainRoundAsync(drain => drain.MeasureAsync(deliveries, cancellationToken));
                await drainSpans.EndRoundAsync(cancellationToken);
                drainLines.Add(on.LogLines - lines);
                if (drainLines[^1] < DrainsPerRound * deliveries)
                    throw new BenchmarkException($"{DrainsPerRound * deliveries:n0} deliveries have only {drainLines[^1]:n0} lines in the log");
            }
        }

        async Task DrainRoundAsync(Func<DrainBacklog, Task> drainAsync)
        {
            foreach (var there in (TelemetrySide[][])[[on, logs, off], [logs, off, on], [off, on, logs]])
            {
                foreach (var side in (TelemetrySide[])[.. there, .. there.Reverse()])
                    await drainAsync(side.Drain);
            }
        }

        async Task IngestAllAsync()
        {
            await IngestRoundAsync(1, (ingest, shorter) => ingest.WarmUpAsync(shorter, cancellationToken));
            await ingestSpans.BeginAsync(cancellationToken);
            for (var round = 1; round <= rounds; round++)
            {
                BenchmarkRun.Say($" ingest, round {round}");
                await IngestRoundAsync(round, (ingest, shorter) => ingest.MeasureAsync(shorter, cancellationToken));
                await ingestSpans.EndRoundAsync(cancellationToken);
            }
        }

        async Task IngestRoundAsync(int round, Func<IngestTarget, BenchmarkSettings, Task> ingestAsync)
        {
            var seconds = settings.IngestSeconds / ThereAndBack;
            var shorter = settings with { IngestSeconds = seconds, IngestWarmupSeconds = seconds };
            // A request that posts events has no line at this level. Whoever is second finds another machine: a fuller disk, a cache that
            // somebody else has filled.
            foreach (var side in (TelemetrySide[])(round % 2 == 1 ? [on, off, off, on] : [off, on, on, off]))
            {
                await ingestAsync(side.Ingest, shorter);
                // Whoever it was: each begins on a machine that has come to rest.
                await ingestSpans.SettleAsync(cancellationToken);
            }
        }

        return new Section(
            $"Telemetry, {run.Deployment.Title}",
            $"""
            Servers take turns, there and back (on, logs, off, off, logs, on; then with another of them in the middle): a machine that gets
            slower slows all of them alike. With telemetry on: metrics, `/metrics` fetched every {MetricsScraper.Interval.TotalSeconds:n0} s whosever turn it is
            ({scraper.Count} times), logs at `info` through a pipe to a reader that counts the lines and discards them, and every span exported by
            `http/protobuf`, with the defaults of sampling and of the queue of spans, to a sink that does the same. Off:
            `OTEL_METRICS_EXPORTER=none`, no traces, `LOG_LEVEL=fatal`. A third has the logs alone, a line for each delivery. Ingest as above,
            without a matching subscriber: its requests have no `traceparent`, so each begins a trace of its own, which the default sampler
            takes: a span a request. Drain as above, but of {deliveries:n0}, to one endpoint, one span for each delivery; its events were posted in
            batches. Spans that wait for the exporter when the last delivery has arrived, as a rule less than a batch of 2,048, are sent while the
            next server's backlog is made. All drains come before all ingest. The sink and the reader share the cores. The sink's requests were
            {Describe(ingestSpans)} under ingest, {Describe(drainSpans)} under drain. Spans are those that arrived + those that the server dropped
            because its queue was full. A ratio is that of the means of {ThereAndBack}, the figure's the median of all; a round has {ThereAndBack}
            ingests and {DrainsPerRound} drains of each.
            """,
            [
                Figure("ingest with telemetry", "events/s", Means(on.Ingest.Rates), Means(off.Ingest.Rates), LeastRatio),
                Figure("drain with telemetry", "sends/s", Means(on.Drain.Rates), Means(off.Drain.Rates), LeastRatio),
                Figure("drain with logs alone", "sends/s", Means(logs.Drain.Rates), Means(off.Drain.Rates), LeastRatioOfLogs),
            ],
            new RoundTable(
                ["round", "ingest on", "off", "ratio", "requests", "spans", "drain on", "off", "ratio", "deliveries", "spans", "lines", "drain logs", "ratio"],
                [
                    .. Enumerable.Range(0, rounds).Select(index => (string[])
                    [
                        $"{index + 1}",
                        .. Beside(Means(on.Ingest.Rates)[index], Means(off.Ingest.Rates)[index]),
                        $"{on.Ingest.Rounds.Skip(index * ThereAndBack).Take(ThereAndBack).Sum(one => one.Requests):n0}",
                        ingestSpans.Round(index),
                        .. Beside(Means(on.Drain.Rates, DrainsPerRound)[index], Means(off.Drain.Rates, DrainsPerRound)[index]),
                        $"{DrainsPerRound * deliveries:n0}",
                        drainSpans.Round(index),
                        $"{drainLines[index]:n0}",
                        .. Beside(Means(logs.Drain.Rates, DrainsPerRound)[index], Means(off.Drain.Rates, DrainsPerRound)[index])
                            .Where((_, column) => column != 1),
                    ]),
                ]));
    }

    // Of so many in a row.
    private static double[] Means(IEnumerable<double> rates, int count = ThereAndBack) =>
        [.. rates.Chunk(count).Select(some => some.Average())];

    private static Dictionary<string, string> On(Uri collector) => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.ToString(),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
    };

    private static string Describe(SpanLedger spans) => string.Create(
        CultureInfo.InvariantCulture,
        $"{spans.Arrived.Requests:n0} with {spans.Arrived.Spans:n0} spans in {spans.Arrived.Bytes / 1e6:n0} MB ({spans.Dropped:n0} were dropped)");

    private static string[] Beside(double on, double off) => [$"{on:n0}", $"{off:n0}", $"{on / off:n2}"];

    private Figure Figure(string what, string unit, IEnumerable<double> on, IEnumerable<double> off, double least)
    {
        var ratio = Rounds.MedianRatio(on, off);
        return new Figure($"{what}, {run.Deployment.Title}")
        {
            Measured = $"{on.Median():n0} {unit}",
            Ceiling = $"{off.Median():n0}/s without",
            Ratio = ratio,
            Target = $"ratio ≥ {least}",
            Met = ratio >= least,
        };
    }
}
