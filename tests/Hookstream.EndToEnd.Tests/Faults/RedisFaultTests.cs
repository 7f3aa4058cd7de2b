using Hookstream.EndToEnd.Tests.Crashes;

namespace Hookstream.EndToEnd.Tests.Faults;

/// <summary>
/// Redis forgets: the store has everything, and the queue is filled from it. What was in flight may be claimed by another
/// while it is, for the leases are forgotten too.
/// </summary>
[Collection(nameof(CrashCollection))]
public sealed class RedisFaultTests
{
    private const int Rate = 200;
    private const FaultDeployment Deployment = FaultDeployment.PostgresAndRedis;
    private static readonly TimeSpan NoticedSoon = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Redis_that_is_emptied_loses_nothing()
    {
        await using var cluster = await FaultCluster.StartAsync(Deployment);
        await using var run = await FaultRun.StartAsync(cluster, Rate, deliveriesBefore: 500);

        await run.BeginFaultAsync();
        var leased = await cluster.EmptyRedisAsync();

        await run.EndAsync("Redis emptied (FLUSHALL)", Deployment, mostDuplicates: leased);
    }

    [Fact]
    [Trait("Category", "Scale")]
    public async Task Redis_that_is_killed_and_comes_back_empty_stops_no_event_and_loses_nothing()
    {
        await using var cluster = await FaultCluster.StartAsync(Deployment);
        await using var run = await FaultRun.StartAsync(cluster, Rate, deliveriesBefore: 2_000);

        await run.BeginFaultAsync();
        var leased = await cluster.FreezeRedisLeasesAsync();
        await cluster.Redis!.KillAsync();
        await run.AcceptAsync(1_000);
        await cluster.Redis.StartEmptyAsync();

        var report = await run.EndAsync("Redis killed, away for 5 s, and back empty", Deployment, mostDuplicates: leased);
        report.IngestStopped.ShouldBeLessThan(NoticedSoon);
    }

    [Fact]
    [Trait("Category", "Scale")]
    public async Task Redis_that_is_back_with_what_it_held_a_minute_ago_loses_nothing()
    {
        await using var cluster = await FaultCluster.StartAsync(Deployment);
        await using var run = await FaultRun.StartAsync(cluster, Rate, deliveriesBefore: 2_000);
        var snapshot = await cluster.Redis!.TakeSnapshotAsync();
        await run.FlowAsync(TimeSpan.FromMinutes(1));

        await run.BeginFaultAsync();
        var leased = await cluster.FreezeRedisLeasesAsync();
        await cluster.Redis.KillAsync();
        await cluster.Redis.StartFromAsync(snapshot);

        var report = await run.EndAsync("Redis killed and back from a snapshot a minute old", Deployment, mostDuplicates: leased);
        report.IngestStopped.ShouldBeLessThan(NoticedSoon);
    }
}
