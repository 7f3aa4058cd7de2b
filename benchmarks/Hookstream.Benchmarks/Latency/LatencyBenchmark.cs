using Hookstream.Benchmarks.Ceilings;
using Hookstream.Benchmarks.Processes;
using Hookstream.Benchmarks.Receiver;
using Hookstream.Benchmarks.Report;
using Hookstream.Benchmarks.ServerUnderTest;
using Hookstream.Benchmarks.Statistics;

namespace Hookstream.Benchmarks.Latency;

/// <summary>Accepted → received at a steady rate, beside a relay that stores nothing.</summary>
internal sealed class LatencyBenchmark(BenchmarkRun run)
{
    public async Task<Section> RunAsync(CancellationToken cancellationToken)
    {
        BenchmarkRun.Say($"Latency, {run.Deployment.Title}");
        var settings = run.Settings;
        await using var receiver = await OwnProcess.StartListenerAsync(ReceiverHost.Role, [], cancellationToken);
        await using var relay = await SendingProcess.StartAsync(
            BareRelay.Role,
            receiver.Address,
            settings,
            cancellationToken);
        await using var server = await run.StartServerAsync("latency", cancellationToken);
        using var counts = new ReceiverClient(receiver.Address);
        using (var api = new ServerApi(server))
            await api.CreateSubscriberAsync(
                new Uri(receiver.Address, ReceiverHost.HookPath),
                "payment.*",
                cancellationToken);

        var floor = new PacedMeasurement(relay.Address, "none", counts, settings);
        var measured = new PacedMeasurement(server.Address, server.Token, counts, settings);
        await floor.WarmUpAsync(cancellationToken);
        await measured.WarmUpAsync(cancellationToken);

        var floors = new List<LatencyResult>();
        var results = new List<LatencyResult>();
        for (var round = 1; round <= settings.Rounds; round++)
        {
            BenchmarkRun.Say($" round {round}");
            floors.Add(await floor.MeasureAsync("bare relay", cancellationToken));
            results.Add(await measured.MeasureAsync("server", cancellationToken));
        }

        var p95 = results.Select(round => round.FromPost.P95).Median();
        var rate = settings.LatencyEventsPerSecond;
        return new Section(
            $"Latency, {run.Deployment.Title}",
            $"""
            {rate} events/s for {settings.LatencySeconds} s, each posted when it is due, answered or not, to one
            endpoint. POST → received is from just before the request is written until the receiver's handler has the
            webhook; 202 → received starts where the answer has come back, and is below zero where the webhook
            was faster than it. One machine, one monotonic clock.
            The bare relay answers 202 and signs and sends at once from memory:
            what client, sockets and machine take anyway.
            """,
            [
                new Figure($"latency p95 at {rate}/s, {run.Deployment.Title}, POST → received")
                {
                    Measured = Summary(results, round => round.FromPost),
                    Ceiling = $"{Summary(floors, round => round.FromPost)} bare relay",
                    Target = $"p95 < {run.Deployment.MostLatencyP95Ms} ms",
                    Met = p95 < run.Deployment.MostLatencyP95Ms,
                },
                new Figure($"latency p95 at {rate}/s, {run.Deployment.Title}, 202 → received")
                {
                    Measured = Summary(results, round => round.FromAccepted),
                    Ceiling = $"{Summary(floors, round => round.FromAccepted)} bare relay",
                },
            ],
            new RoundTable(
                [
                    "target",
                    "round",
                    "POST → received p50 / p95 / p99 ms",
                    "202 → received ms",
                    "POST → 202 ms",
                    "driver late ms",
                ],
                [.. Rows("bare relay", floors), .. Rows("server", results)]));
    }

    private static string Summary(IReadOnlyList<LatencyResult> rounds, Func<LatencyResult, Percentiles> measure)
    {
        var measured = rounds.Select(measure).ToArray();
        var p50 = measured.Select(round => round.P50).Median();
        var p95 = measured.Select(round => round.P95).Median();
        var p99 = measured.Select(round => round.P99).Median();
        return $"{p95:n2} ms (p50 {p50:n2}, p99 {p99:n2})";
    }

    private static IEnumerable<string[]> Rows(string target, IEnumerable<LatencyResult> rounds) =>
        rounds.Select((round, index) => new[]
        {
            target,
            $"{index + 1}",
            round.FromPost.ToString(),
            round.FromAccepted.ToString(),
            round.Answer.ToString(),
            round.DriverLag.ToString(),
        });
}
