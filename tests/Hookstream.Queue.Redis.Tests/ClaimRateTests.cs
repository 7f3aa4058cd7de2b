using System.Diagnostics;
using Hookstream.Queue.Redis.Tests.Queueing;

namespace Hookstream.Queue.Redis.Tests;

/// <summary>How fast the queue alone is, and that its speed does not depend on how much waits. It prints what it measures.</summary>
public sealed class ClaimRateTests
{
    private const int Lanes = 1_000;
    private const int PerLane = 100;
    private const int Workers = 4;
    private static readonly DateTimeOffset Before = TimeProvider.System.GetUtcNow().AddMinutes(-1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Category", "Scale")]
    public async Task Claims_and_settles_of_100_000_in_1_000_lanes()
    {
        await using var server = await RedisServer.StartNewAsync();
        await using var process = await QueueProcess.StartAsync(server);
        var deliveries = new List<QueuedDelivery>();
        for (var i = 0; i < Lanes; i++)
            deliveries.AddRange(Endpoint.New(Before).Deliveries(PerLane, Before));
        var all = deliveries.OrderBy(_ => Random.Shared.Next()).ToArray();
        var clock = Stopwatch.StartNew();
        foreach (var chunk in all.Chunk(500))
            await process.Queue.EnqueueAsync(chunk, Cancellation);
        Print($"enqueued: {all.Length / clock.Elapsed.TotalSeconds:N0}/s");

        var request = new ClaimRequest(100, 32, new Dictionary<SubscriberId, int>(), TimeSpan.FromSeconds(60));
        var warm = await process.Queue.ClaimAsync(request, Cancellation);
        await process.Queue.SettledAsync(warm, [], Cancellation);
        var claims = new List<double>();
        clock.Restart();
        var claimed = await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(async () =>
        {
            var count = 0;
            while (true)
            {
                var begun = Stopwatch.GetTimestamp();
                var leases = await process.Queue.ClaimAsync(request, Cancellation);
                lock (claims)
                    claims.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
                if (leases.Count == 0)
                    return count;
                count += leases.Count;
                await process.Queue.SettledAsync(leases, [], Cancellation);
            }
        })));
        var seconds = clock.Elapsed.TotalSeconds;

        claims.Sort();
        Print($"claimed and settled: {claimed.Sum() / seconds:N0}/s by {Workers}; a claim of 100: median {claims[claims.Count / 2]:0.00} ms, p99 {claims[claims.Count * 99 / 100]:0.00} ms");
        (claimed.Sum() + warm.Count).ShouldBe(all.Length);
        (claimed.Sum() / seconds).ShouldBeGreaterThan(5_000);
    }

    private static void Print(string line)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(line);
        Console.WriteLine(line);
    }
}
