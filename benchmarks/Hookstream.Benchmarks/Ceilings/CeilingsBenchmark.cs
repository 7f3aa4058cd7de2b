using Hookstream.Benchmarks.Ingest;
using Hookstream.Benchmarks.Latency;
using Hookstream.Benchmarks.Processes;
using Hookstream.Benchmarks.Receiver;
using Hookstream.Benchmarks.Report;
using Hookstream.Benchmarks.Statistics;

namespace Hookstream.Benchmarks.Ceilings;

/// <summary>The ceilings alone, without the server: what this machine gives.</summary>
internal sealed class CeilingsBenchmark(BenchmarkSettings settings)
{
    public async Task<Section> RunAsync(CancellationToken cancellationToken)
    {
        BenchmarkRun.Say("Ceilings");
        Wrk.EnsureInstalled();
        await using var bare = await OwnProcess.StartListenerAsync(BareKestrel.Role, [], cancellationToken);
        await using var receiver = await OwnProcess.StartListenerAsync(ReceiverHost.Role, [], cancellationToken);
        await using var relay = await SendingProcess.StartAsync(
            BareRelay.Role,
            receiver.Address,
            settings,
            cancellationToken);
        await using var sender = await SendingProcess.StartAsync(
            BareSender.Role,
            receiver.Address,
            settings,
            cancellationToken);
        using var counts = new ReceiverClient(receiver.Address);
        using var sends = new BareSenderMeasurement(sender, counts);
        var ingest = new IngestTarget("bare Kestrel", bare.Address, "none");
        await ingest.WarmUpAsync(settings, cancellationToken);

        var paced = new PacedMeasurement(relay.Address, "none", counts, settings);
        await paced.WarmUpAsync(cancellationToken);
        await sends.SendAsync(settings.DrainWarmupDeliveries, cancellationToken);

        var latencies = new List<LatencyResult>();
        for (var round = 1; round <= settings.Rounds; round++)
        {
            BenchmarkRun.Say($" round {round}");
            await ingest.MeasureAsync(settings, cancellationToken);
            await sends.MeasureAsync(settings.DrainDeliveries, cancellationToken);
            latencies.Add(await paced.MeasureAsync("bare relay", cancellationToken));
        }

        var relayP95 = latencies.Select(round => round.FromPost.P95).Median();
        return new Section(
            "Ceilings",
            "What the other benchmarks are compared with, measured without the server.",
            [
                new Figure("bare Kestrel")
                {
                    Measured = $"{ingest.Rates.Median():n0} requests/s, p95 {ingest.P95Ms:n2} ms",
                },
                new Figure("bare sender") { Measured = $"{sends.Rates.Median():n0} sends/s" },
                new Figure("bare relay")
                {
                    Measured = $"p95 {relayP95:n2} ms at {settings.LatencyEventsPerSecond}/s",
                },
            ],
            new RoundTable(
                ["round", "bare Kestrel requests/s", "bare sender sends/s", "bare relay p50 / p95 / p99 ms"],
                [
                    .. ingest.Rates.Select((rate, index) => new[]
                    {
                        $"{index + 1}", $"{rate:n0}", $"{sends.Rates[index]:n0}", latencies[index].FromPost.ToString(),
                    }),
                ]));
    }
}
