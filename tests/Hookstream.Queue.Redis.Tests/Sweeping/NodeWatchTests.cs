using Hookstream.Core.Stores;
using Hookstream.Queue.Redis.Tests.Queueing;

namespace Hookstream.Queue.Redis.Tests.Sweeping;

/// <summary>What a process has committed and not told Redis, because it was gone before, is found soon by the others.</summary>
public sealed class NodeWatchTests
{
    private const int NodeGone = 611;

    // Those that live are heard of five times as often, which a busy machine must not keep them from.
    private static readonly TimeSpan GoneAfter = TimeSpan.FromMilliseconds(1_500);

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task What_a_process_stored_last_is_claimed_when_it_is_gone()
    {
        await using var server = await RedisServer.StartNewAsync();
        var source = new FakeSource();
        await using var lasting = await StartAsync(server, source);
        var killed = await StartAsync(server, source);
        var told = Endpoint.New(Now).Deliveries(5, Now);
        await killed.EnqueueAsync(told);
        var untold = Endpoint.New(Now).Deliveries(2_500, Now);
        source.Add(untold);
        // Read by the slow pass alone, which is off: the look is at what is recent, however much waits.
        var old = Endpoint.New(Now.AddHours(-1)).Deliveries(1_000, Now.AddHours(-1));
        source.Add(old);

        await killed.DisposeAsync();

        var claimed = await lasting.ClaimAllAsync(told.Length + untold.Length);
        claimed.ShouldBe([.. told.Select(delivery => delivery.Id), .. untold.Select(delivery => delivery.Id)], ignoreOrder: true);
        await Eventually.BecomesTrueAsync(() => Task.FromResult(lasting.Logs.Count(NodeGone) == 1));
        (await lasting.ClaimAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Process_that_is_gone_is_found_by_one_of_the_others_and_those_are_not_taken_for_gone()
    {
        await using var server = await RedisServer.StartNewAsync();
        var source = new FakeSource();
        await using var first = await StartAsync(server, source);
        await using var second = await StartAsync(server, source);

        // One after the other, so that the living have been heard of all the time meanwhile.
        for (var gone = 1; gone <= 2; gone++)
        {
            await (await StartAsync(server, source)).DisposeAsync();
            await Eventually.BecomesTrueAsync(() => Task.FromResult(Found() >= gone));
            Found().ShouldBe(gone);
        }

        int Found() => first.Logs.Count(NodeGone) + second.Logs.Count(NodeGone);
    }

    [Fact]
    public async Task What_one_that_is_gone_had_yet_to_look_at_is_looked_at_by_the_next()
    {
        await using var server = await RedisServer.StartNewAsync();
        var source = new FakeSource();
        var killed = await StartAsync(server, source);
        var untold = Endpoint.New(Now).Delivery(Now);
        source.Add([untold]);
        var away = new FakeSource();
        var failing = new TaskCompletionSource();
        var heir = await StartAsync(server, away);
        away.AfterRead = () =>
        {
            failing.TrySetResult();
            throw new StoreUnavailableException("the store is away for this process");
        };
        await killed.DisposeAsync();
        await failing.Task.WaitAsync(Patience.Limit, TestContext.Current.CancellationToken);

        await using var last = await StartAsync(server, source);
        await heir.DisposeAsync();

        (await last.ClaimAllAsync(1)).ShouldBe([untold.Id]);
    }

    private static Task<QueueProcess> StartAsync(RedisServer server, FakeSource source) =>
        QueueProcess.StartAsync(server, source, goneAfter: GoneAfter);
}
