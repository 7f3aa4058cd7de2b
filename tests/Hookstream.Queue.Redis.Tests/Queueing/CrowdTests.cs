using StackExchange.Redis;

namespace Hookstream.Queue.Redis.Tests.Queueing;

public sealed class CrowdTests(SharedRedis redis) : QueueTests(redis)
{
    private readonly SharedRedis _redis = redis;

    protected override int LaneBound => 500;

    protected override int Crowd => 1_000;

    [Fact]
    public async Task Lanes_hold_less_while_there_is_much_in_all_and_everything_is_claimed()
    {
        var endpoints = Enumerable.Range(0, 8).Select(_ => Endpoint.New(Now)).ToList();
        foreach (var endpoint in endpoints)
            await EnqueueAsync(endpoint.Deliveries(600, Now));

        // The first is full; the second is what makes it many, and the others get a tenth of it.
        (await HeldAsync()).ShouldBeInRange(500 + (7 * 50), 1_000 + (6 * 50));
        (await DrainAsync(100, 8 * 600)).Distinct().Count().ShouldBe(8 * 600);
    }

    [Fact]
    public async Task Full_lane_is_trimmed_when_there_is_much_in_all()
    {
        var first = Endpoint.New(Now);
        await EnqueueAsync(first.Deliveries(500, Now));
        foreach (var endpoint in Enumerable.Range(0, 3).Select(_ => Endpoint.New(Now)))
            await EnqueueAsync(endpoint.Deliveries(500, Now));
        var before = await HeldAsync();

        await EnqueueAsync(first.Deliveries(1, Now));

        (await HeldAsync()).ShouldBeLessThan(before - 300);
        (await DrainAsync(100, 2_001)).Distinct().Count().ShouldBe(2_001);
    }

    private async Task<long> HeldAsync()
    {
        RedisUrl.TryParse(_redis.Url, out var server).ShouldBeTrue();
        await using var connection = await ConnectionMultiplexer.ConnectAsync(server);
        return await connection.GetDatabase().HashLengthAsync($"{{{Prefix}}}:deliveries");
    }
}
