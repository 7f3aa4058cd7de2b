using Hookstream.Benchmarks.Ceilings;
using Hookstream.Benchmarks.Processes;
using Hookstream.Benchmarks.Receiver;
using Hookstream.Benchmarks.Report;
using Hookstream.Benchmarks.ServerUnderTest;
using Hookstream.Benchmarks.Statistics;

namespace Hookstream.Benchmarks.Drain;

/// <summary>How fast a backlog leaves, beside a loop that signs and sends and records nothing.</summary>
internal sealed class DrainBenchmark(BenchmarkRun run)
{
    private const int ManyEndpoints = 4;

    public async Task<Section> RunAsync(CancellationToken cancellationToken)
    {
        BenchmarkRun.Say($"Drain, {run.Deployment.Title}");
        var settings = run.Settings;
        await using var receiver = await OwnProcess.StartListenerAsync(ReceiverHost.Role, [], cancellationToken);
        await using var sender = await SendingProcess.StartAsync(
            BareSender.Role,
            receiver.Address,
            settings,
            cancellationToken);
        await using var server = await run.StartServerAsync("drain", cancellationToken);
        using var counts = new ReceiverClient(receiver.Address);
        using var api = new ServerApi(server);
        using var bare = new BareSenderMeasurement(sender, counts);
        var one = await DrainBacklog.CreateAsync(api, counts, receiver.Address, 1, cancellationToken);
        var many = await DrainBacklog.CreateAsync(api, counts, receiver.Address, ManyEndpoints, cancellationToken);
        await bare.SendAsync(settings.DrainWarmupDeliveries, cancellationToken);
        await one.DrainAsync(settings.DrainWarmupDeliveries, cancellationToken);

        for (var round = 1; round <= settings.Rounds; round++)
        {
            BenchmarkRun.Say($" round {round}");
            await bare.MeasureAsync(settings.DrainDeliveries, cancellationToken);
            await one.MeasureAsync(settings.DrainDeliveries, cancellationToken);
            await many.MeasureAsync(settings.DrainDeliveries, cancellationToken);
        }

        var ratio = Rounds.MedianRatio(one.Rates, bare.Rates);
        var ceiling = $"{bare.Rates.Median():n0}/s bare sender";
        return new Section(
            $"Drain, {run.Deployment.Title}",
            $"""
            {settings.DrainDeliveries:n0} deliveries are preloaded through `/events/batch` for a paused endpoint, which
            is then resumed; the rate is from the first to the last receipt at the receiver, after which every delivery
            must be recorded as delivered and none may have come twice. The bare sender keeps
            {settings.SendsInFlight} sends in flight, the default of `HOOKSTREAM_ENDPOINT_CONCURRENCY`, to the same
            receiver. Both are warm after {settings.DrainWarmupDeliveries:n0} sends.
            The figure with {ManyEndpoints} endpoints, which share as many
            deliveries, is for information. The server logs as it does by default, through a pipe that somebody reads.
            """,
            [
                new Figure($"drain, {run.Deployment.Title}, 1 endpoint")
                {
                    Measured = $"{one.Rates.Median():n0} sends/s",
                    Ceiling = ceiling,
                    Ratio = ratio,
                    Target = $"ratio ≥ {run.Deployment.LeastDrain}",
                    Met = ratio >= run.Deployment.LeastDrain,
                },
                new Figure($"drain, {run.Deployment.Title}, {ManyEndpoints} endpoints")
                {
                    Measured = $"{many.Rates.Median():n0} sends/s",
                    Ceiling = ceiling,
                    Ratio = Rounds.MedianRatio(many.Rates, bare.Rates),
                },
            ],
            new RoundTable(
                [
                    "round",
                    "bare sender/s",
                    "1 endpoint/s",
                    "first receipt after ms",
                    $"{ManyEndpoints} endpoints/s",
                    "first receipt after ms",
                ],
                [
                    .. bare.Rates.Select((rate, index) => new[]
                    {
                        $"{index + 1}",
                        $"{rate:n0}",
                        $"{one.Rounds[index].Received.Rate:n0}",
                        $"{one.Rounds[index].ResumeToFirst.TotalMilliseconds:n0}",
                        $"{many.Rounds[index].Received.Rate:n0}",
                        $"{many.Rounds[index].ResumeToFirst.TotalMilliseconds:n0}",
                    }),
                ]));
    }
}
