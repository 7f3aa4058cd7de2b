using Hookstream.Queue.Redis.Tests.Queueing;

namespace Hookstream.Queue.Redis.Tests.Connection;

/// <summary>On a Redis Cluster all keys of a queue are on one primary, and its replica takes over.</summary>
public sealed class ClusterTests
{
    private const string HashTag = "hooks";

    private static DateTimeOffset Before => TimeProvider.System.GetUtcNow().AddMinutes(-1);

    [Fact]
    public async Task Every_script_runs_and_primary_that_dies_is_followed_by_its_replica_and_nothing_is_lost()
    {
        await using var cluster = await RedisCluster.StartNewAsync();
        await using (var first = await QueueProcess.StartAsync(cluster.Url, prefix: HashTag))
            await first.TouchEverythingAsync();
        var owner = await cluster.OwnerOfAsync(HashTag);
        (await owner.CommandAsync("DBSIZE")).ShouldNotBe(":0");
        await owner.CommandAsync("FLUSHALL");
        await using var process = await QueueProcess.StartAsync(cluster.Url, prefix: HashTag);
        var endpoint = Endpoint.New(Before);
        await process.EnqueueAsync(endpoint.Deliveries(500, Before));
        var claimed = (await process.ClaimAsync(100)).Select(lease => lease.Delivery).ToHashSet();

        await owner.KillAsync();
        // What is stored while nobody has the keys is told to nobody.
        await process.EnqueueAsync(endpoint.Deliveries(50, Before));

        // A lease that its replica had not heard of is given to another: at least once.
        await Eventually.BecomesTrueAsync(async () =>
        {
            claimed.UnionWith((await process.ClaimAsync()).Select(lease => lease.Delivery));
            return claimed.Count == 550;
        });
    }
}
