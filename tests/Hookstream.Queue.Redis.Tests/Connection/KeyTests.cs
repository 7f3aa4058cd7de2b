using Hookstream.Queue.Redis.Tests.Queueing;

namespace Hookstream.Queue.Redis.Tests.Connection;

/// <summary>All keys are in one slot, so that a cluster takes the scripts, and others may use the same server.</summary>
public sealed class KeyTests
{
    [Fact]
    public async Task Every_key_is_in_the_slot_of_the_prefix()
    {
        await using var server = await RedisServer.StartNewAsync();
        await using var process = await QueueProcess.StartAsync(server, prefix: "shop");
        await process.TouchEverythingAsync();

        var keys = await process.KeysAsync();

        keys.Count.ShouldBeGreaterThan(10);
        keys.ShouldAllBe(key => key.StartsWith("{shop}:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Cluster_takes_every_script()
    {
        await using var server = await RedisServer.StartNewAsync(
            new RedisServerOptions { Settings = new Dictionary<string, string> { ["cluster-enabled"] = "yes" } });
        (await server.CommandAsync("CLUSTER ADDSLOTSRANGE 0 16383")).ShouldBe("+OK");
        await using var process = await QueueProcess.StartAsync(server);
        await Eventually.BecomesTrueAsync(() => Task.FromResult(process.Queue.Sweep!.Epoch is not null));

        await process.TouchEverythingAsync();

        process.Logs.Count(610).ShouldBe(0);
    }
}
