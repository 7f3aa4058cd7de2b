using System.Diagnostics;
using Hookstream.Core.Stores;
using Hookstream.Queue.Redis.Tests.Queueing;

namespace Hookstream.Queue.Redis.Tests.Connection;

/// <summary>While Redis is away nothing fails that need not, nothing spins, and afterwards nothing is missing.</summary>
public sealed class OutageTests
{
    private static readonly DateTimeOffset Before = TimeProvider.System.GetUtcNow().AddMinutes(-1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Calls_while_redis_is_away_are_quick_and_what_they_said_is_made_up_for()
    {
        await using var server = await RedisServer.StartNewAsync();
        await using var process = await QueueProcess.StartAsync(server);
        var endpoint = Endpoint.New(Before);
        await process.EnqueueAsync(endpoint.Deliveries(5, Before));
        var leases = await process.ClaimAsync(2);
        (await process.Queue.CheckAsync(Cancellation)).Up.ShouldBeTrue();
        await server.KillAsync();

        var clock = Stopwatch.StartNew();
        for (var i = 0; i < 200; i++)
        {
            await process.EnqueueAsync(endpoint.Delivery(Before));
            (await process.ClaimAsync()).ShouldBeEmpty();
            (await process.Queue.FindLostAsync(leases, Cancellation)).ShouldBeEmpty();
            (await process.Queue.LockAsync([DeliveryId.New(Before)], Cancellation)).ShouldBeEmpty();
        }

        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromMinutes(1), "800 calls, none of which waits for the timeout");
        await Should.ThrowAsync<StoreUnavailableException>(() =>
            process.Queue.RenewAsync(leases, TimeSpan.FromSeconds(60), Cancellation));
        (await process.Queue.CheckAsync(Cancellation)).Up.ShouldBeFalse();
        await server.StartEmptyAsync();
        (await process.ClaimAllAsync(205)).Count.ShouldBe(205);
        (await process.Queue.CheckAsync(Cancellation)).Up.ShouldBeTrue();
        process.Logs.Count(601).ShouldBe(1);
        process.Logs.Count(602).ShouldBe(1);
        process.Logs.Count(607).ShouldBe(0);
    }

    [Fact]
    public async Task Worker_waits_a_second_while_redis_is_away()
    {
        await using var server = await RedisServer.StartNewAsync();
        await using var process = await QueueProcess.StartAsync(server);
        await server.KillAsync();
        var clock = Stopwatch.StartNew();
        var waits = 0;

        // That the connection was lost ends a wait, once for what is said over each of the two; then nothing does.
        do
        {
            await process.ClaimAsync();
            clock.Restart();
            await process.Queue.WaitAsync(Cancellation);
            waits++;
        }
        while (clock.Elapsed < TimeSpan.FromMilliseconds(800) && waits < 5);

        clock.Elapsed.ShouldBeGreaterThan(TimeSpan.FromMilliseconds(800));
    }

    [Fact]
    public async Task Redis_that_is_there_only_later_is_used_then()
    {
        await using var server = await RedisServer.StartNewAsync();
        await server.KillAsync();
        await using var process = await QueueProcess.StartAsync(server);
        process.Source.Add(Endpoint.New(Before).Deliveries(20, Before));
        (await process.ClaimAsync()).ShouldBeEmpty();

        await server.StartEmptyAsync();

        (await process.ClaimAllAsync(20)).Count.ShouldBe(20);
        process.Logs.Count(601).ShouldBe(1);
    }

    [Fact]
    public async Task Redis_that_hangs_holds_up_a_call_no_longer_than_the_timeout()
    {
        await using var server = await RedisServer.StartNewAsync();
        await using var process = await QueueProcess.StartAsync(server, timeout: TimeSpan.FromMilliseconds(300));
        var endpoint = Endpoint.New(Before);
        await process.EnqueueAsync(endpoint.Delivery(Before));
        using var stop = Process.Start("sh", ["-c", $"kill -s STOP {server.ProcessId}"]);
        await stop.WaitForExitAsync(Cancellation);

        var clock = Stopwatch.StartNew();
        for (var i = 0; i < 200; i++)
            await process.EnqueueAsync(endpoint.Delivery(Before));
        var elapsed = clock.Elapsed;
        using var resume = Process.Start("sh", ["-c", $"kill -s CONT {server.ProcessId}"]);
        await resume.WaitForExitAsync(Cancellation);

        elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(30), "the first few wait, or it would be a minute");
        (await process.ClaimAllAsync(201)).Count.ShouldBe(201);
    }

    [Theory]
    [InlineData("noeviction", 0)]
    [InlineData("allkeys-lru", 1)]
    public async Task Eviction_is_warned_of_at_the_start(string policy, int warnings)
    {
        await using var server = await RedisServer.StartNewAsync(new RedisServerOptions { MaxMemoryPolicy = policy });
        await using var process = await QueueProcess.StartAsync(server);

        process.Logs.Count(603).ShouldBe(warnings);
        process.Logs.Count(604).ShouldBe(0);
        if (warnings > 0)
            process.Logs.TextOf(603).ShouldContain(policy);
    }
}
