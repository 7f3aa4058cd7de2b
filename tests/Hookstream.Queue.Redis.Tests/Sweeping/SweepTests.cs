using Hookstream.Queue.Redis.Tests.Queueing;

namespace Hookstream.Queue.Redis.Tests.Sweeping;

/// <summary>What the store holds and Redis lost is found again.</summary>
public sealed class SweepTests
{
    private static readonly DateTimeOffset Before = TimeProvider.System.GetUtcNow().AddMinutes(-1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_with_an_empty_server_fills_it()
    {
        await using var server = await RedisServer.StartNewAsync();
        var source = new FakeSource();
        source.Add(Endpoint.New(Before).Deliveries(2_500, Before));

        await using var process = await QueueProcess.StartAsync(server, source);

        (await process.ClaimAllAsync(2_500)).Count.ShouldBe(2_500);
        process.Meters.Value("hookstream.sweep.found").ShouldBe(2_500);
        process.Meters.Value("hookstream.sweep.passes").ShouldBe(1);
        process.Meters.Value("hookstream.sweep.removed").ShouldBe(0);
    }

    [Fact]
    public async Task What_is_told_as_it_happens_is_nothing_that_a_sweep_has_found()
    {
        await using var server = await RedisServer.StartNewAsync();
        await using var process = await QueueProcess.StartAsync(server);
        await process.EnqueueAsync(Endpoint.New(Before).Deliveries(20, Before));

        process.Queue.Sweep.ShouldNotBeNull().WantPass();

        await Eventually.BecomesTrueAsync(() => Task.FromResult(process.Meters.Value("hookstream.sweep.passes") == 2));
        process.Meters.Value("hookstream.sweep.found").ShouldBe(0);
    }

    [Fact]
    public async Task Second_process_takes_the_queue_as_it_is()
    {
        await using var server = await RedisServer.StartNewAsync();
        await using var first = await QueueProcess.StartAsync(server);
        await first.EnqueueAsync(Endpoint.New(Before).Deliveries(10, Before));
        (await first.ClaimAsync(4)).Count.ShouldBe(4);

        await using var second = await QueueProcess.StartAsync(server, first.Source);

        (await second.ClaimAsync()).Count.ShouldBe(6);
        second.Logs.Count(605).ShouldBe(0);
    }

    [Fact]
    public async Task Flush_is_noticed_and_everything_unfinished_claimed()
    {
        await using var server = await RedisServer.StartNewAsync();
        await using var process = await QueueProcess.StartAsync(server);
        await process.EnqueueAsync(Endpoint.New(Before).Deliveries(1_500, Before));
        var sent = (await process.ClaimAsync(100))[0];

        (await server.CommandAsync("FLUSHALL")).ShouldBe("+OK");

        (await process.ClaimAllAsync(1_500)).Count.ShouldBe(1_500);
        var again = process.Source.Rows[sent.Delivery];
        (await process.Queue.FindLostAsync([sent], Cancellation)).ShouldBe([sent], "another has claimed it since");
        again.Version.ShouldBe(sent.Version);
    }

    [Fact]
    public async Task Lease_that_a_flush_has_forgotten_is_settled_while_nobody_else_has_it()
    {
        await using var server = await RedisServer.StartNewAsync();
        await using var process = await QueueProcess.StartAsync(server);
        var delivery = Endpoint.New(Before).Delivery(Before);
        await process.EnqueueAsync(delivery);
        var leases = await process.ClaimAsync();
        await server.CommandAsync("FLUSHALL");
        await Eventually.BecomesTrueAsync(async () =>
        {
            await process.Queue.ClaimAsync(
                new ClaimRequest(1, 1, new Dictionary<SubscriberId, int> { [delivery.Subscriber] = 0 }, TimeSpan.FromSeconds(1)),
                Cancellation);
            return process.Logs.Count(606) == 2;
        });

        (await process.Queue.FindLostAsync(leases, Cancellation)).ShouldBeEmpty();
        (await process.Queue.RenewAsync(leases, TimeSpan.FromSeconds(60), Cancellation)).ShouldBeEmpty();
        (await process.ClaimAsync()).ShouldBeEmpty("it is held again");
        await process.Queue.SettledAsync(leases, [], Cancellation);
        (await process.ClaimAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Flush_does_not_open_a_shut_endpoint()
    {
        await using var server = await RedisServer.StartNewAsync();
        await using var process = await QueueProcess.StartAsync(server);
        var shut = Endpoint.New(Before);
        var open = Endpoint.New(Before);
        process.Source.Holds[shut.Subscriber] = shut.Hold(shut: true);
        await process.Queue.HoldAsync([shut.Hold(shut: true)], Cancellation);
        await process.EnqueueAsync([.. shut.Deliveries(50, Before), .. open.Deliveries(50, Before)]);

        await server.CommandAsync("FLUSHALL");
        await process.EnqueueAsync(shut.Delivery(Before));

        var claimed = await process.ClaimAllAsync(50);
        claimed.ShouldAllBe(id => process.Source.Rows[id].Subscriber == open.Subscriber);
        (await process.ClaimAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Restart_empty_is_noticed_and_everything_unfinished_claimed()
    {
        await using var server = await RedisServer.StartNewAsync();
        await using var process = await QueueProcess.StartAsync(server);
        await process.EnqueueAsync(Endpoint.New(Before).Deliveries(1_500, Before));
        await process.ClaimAsync(100);

        await server.KillAsync();
        await server.StartEmptyAsync();

        (await process.ClaimAllAsync(1_500)).Count.ShouldBe(1_500);
    }

    [Fact]
    public async Task Restart_from_an_old_snapshot_brings_what_is_new_and_drops_what_has_ended()
    {
        await using var server = await RedisServer.StartNewAsync();
        await using var process = await QueueProcess.StartAsync(server);
        var endpoint = Endpoint.New(Before);
        var ended = endpoint.Deliveries(300, Before);
        await process.EnqueueAsync(ended);
        var shut = Endpoint.New(Before);
        await process.EnqueueAsync(shut.Deliveries(5, Before));
        var snapshot = await server.TakeSnapshotAsync();
        await process.Queue.HoldAsync([shut.Hold(shut: true)], Cancellation);
        process.Source.Holds[shut.Subscriber] = shut.Hold(shut: true);
        foreach (var delivery in ended)
            process.Source.Rows.TryRemove(delivery.Id, out _);
        await process.EnqueueAsync(endpoint.Deliveries(200, Before.AddSeconds(1)));

        await server.KillAsync();
        await server.StartFromAsync(snapshot);
        await Eventually.BecomesTrueAsync(() => Task.FromResult(process.Logs.Count(606) == 2));

        var claimed = await process.ClaimAllAsync(200);
        claimed.ShouldAllBe(id => process.Source.Rows[id].Subscriber == endpoint.Subscriber);
        (await process.ClaimAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Slow_pass_finds_what_nobody_told_and_removes_what_nobody_ended()
    {
        await using var server = await RedisServer.StartNewAsync();
        await using var process = await QueueProcess.StartAsync(server, slowPasses: true);
        var endpoint = Endpoint.New(Before);
        var ghosts = endpoint.Deliveries(20, TimeProvider.System.GetUtcNow().AddHours(1));
        await process.Queue.EnqueueAsync(ghosts, Cancellation);
        process.Source.Add(endpoint.Deliveries(30, Before));

        (await process.ClaimAllAsync(30)).Count.ShouldBe(30);
        await Eventually.BecomesTrueAsync(async () => (await process.KeysAsync()).TrueForAll(key => !key.Contains("lane:", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Process_that_could_not_tell_something_has_it_read_by_the_one_that_sweeps()
    {
        await using var server = await RedisServer.StartNewAsync();
        await using var leader = await QueueProcess.StartAsync(server, slowPasses: true);
        // Pages enough that the slow pass does not come by in time.
        leader.Source.Add(Endpoint.New(Before).Deliveries(20_000, TimeProvider.System.GetUtcNow().AddHours(1)));
        leader.Queue.Sweep!.WantPass();
        await Eventually.BecomesTrueAsync(() => Task.FromResult(leader.Logs.Count(606) == 2));
        await using var other = await QueueProcess.StartAsync(server, leader.Source, slowPasses: true);
        leader.Source.Add(Endpoint.New(Before).Deliveries(30, Before));

        other.Queue.Sweep!.WantPass();

        (await other.ClaimAllAsync(30)).Count.ShouldBe(30);
        other.Queue.Sweep.IsComplete.ShouldBeTrue();
    }

    [Fact]
    public async Task Page_that_is_out_of_date_does_not_undo_what_was_entered_since()
    {
        await using var server = await RedisServer.StartNewAsync();
        await using var process = await QueueProcess.StartAsync(server);
        var delivery = Endpoint.New(Before).Delivery(Before, version: 1);
        await process.EnqueueAsync(delivery);
        process.Source.AfterRead = async () =>
        {
            process.Source.AfterRead = null;
            await process.EnqueueAsync(delivery with { Version = 2, Due = Before.AddHours(5) });
        };

        process.Queue.Sweep!.WantPass();
        await Eventually.BecomesTrueAsync(() => Task.FromResult(process.Logs.Count(606) == 2));

        (await process.ClaimAsync()).ShouldBeEmpty();
    }
}
