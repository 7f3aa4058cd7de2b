using System.Diagnostics;
using Hookstream.Benchmarks.Receiver;
using Hookstream.Benchmarks.Statistics;

namespace Hookstream.Benchmarks.Latency;

/// <summary>Paces events into one target and matches them, by id, with what the receiver got.</summary>
internal sealed class PacedMeasurement(Uri address, string token, ReceiverClient receiver, BenchmarkSettings settings)
{
    public Task WarmUpAsync(CancellationToken cancellationToken) =>
        RunAsync(settings.LatencyWarmupSeconds, cancellationToken);

    public async Task<LatencyResult> MeasureAsync(string name, CancellationToken cancellationToken)
    {
        var result = await RunAsync(settings.LatencySeconds, cancellationToken);
        BenchmarkRun.Say(
            $"  {name}: POST → received p50 / p95 / p99 {result.FromPost} ms, " +
            $"202 → received {result.FromAccepted} ms, driver late p95 {result.DriverLag.P95:n2} ms");
        return result;
    }

    private async Task<LatencyResult> RunAsync(int seconds, CancellationToken cancellationToken)
    {
        await receiver.ResetRecordingAsync(cancellationToken);
        var events = await PacedDriver.RunAsync(
            address,
            token,
            settings.LatencyEventsPerSecond,
            seconds,
            cancellationToken);
        await receiver.WaitForAsync(events.Length, cancellationToken);
        var receipts = await receiver.ReceiptsAsync(cancellationToken);
        var received = receipts
            .GroupBy(receipt => receipt.EventId)
            .ToDictionary(same => same.Key, same => same.First().Timestamp);
        if (receipts.Count != events.Length || !events.All(posted => received.ContainsKey(posted.EventId)))
            throw new BenchmarkException(
                $"{events.Length} events arrived as {receipts.Count} deliveries of {received.Count} events");

        return new LatencyResult(
            Percentiles.Of([.. events.Select(posted => Milliseconds(posted.Posted, received[posted.EventId]))]),
            Percentiles.Of([.. events.Select(posted => Milliseconds(posted.Accepted, received[posted.EventId]))]),
            Percentiles.Of([.. events.Select(posted => Milliseconds(posted.Posted, posted.Accepted))]),
            Percentiles.Of([.. events.Select(posted => Milliseconds(posted.Due, posted.Posted))]));
    }

    private static double Milliseconds(long from, long to) => Stopwatch.GetElapsedTime(from, to).TotalMilliseconds;
}
