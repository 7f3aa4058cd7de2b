namespace Hookstream.Queue.Redis.Tests.Queueing;

public sealed class LockTests(SharedRedis redis) : QueueTests(redis)
{
    [Fact]
    public async Task Locked_delivery_is_not_claimed_until_it_is_unlocked()
    {
        var deliveries = Endpoint.New(Now).Deliveries(2, Now);
        await EnqueueAsync(deliveries);

        (await Queue.LockAsync([deliveries[0].Id], Cancellation)).ShouldBeEmpty();

        (await ClaimAsync()).ShouldHaveSingleItem().Delivery.ShouldBe(deliveries[1].Id);
        await Queue.UnlockAsync([deliveries[0].Id], Cancellation);
        (await ClaimAsync()).ShouldHaveSingleItem().Delivery.ShouldBe(deliveries[0].Id);
    }

    [Fact]
    public async Task Lock_of_what_is_sent_or_locked_is_refused()
    {
        var deliveries = Endpoint.New(Now).Deliveries(3, Now);
        await EnqueueAsync(deliveries);
        var sent = await ClaimOneAsync();
        await using var other = await OpenAsync();
        (await other.LockAsync([deliveries[1].Id], Cancellation)).ShouldBeEmpty();

        var busy = await Queue.LockAsync([.. deliveries.Select(delivery => delivery.Id)], Cancellation);

        busy.ShouldBe([sent.Delivery, deliveries[1].Id], ignoreOrder: true);
        await Queue.UnlockAsync([deliveries[1].Id], Cancellation);
        (await ClaimAsync()).ShouldBeEmpty("the lock is another's");
    }

    [Fact]
    public async Task Lock_ends_after_ten_seconds()
    {
        var delivery = Endpoint.New(Now).Delivery(Now);
        await EnqueueAsync(delivery);
        await Queue.LockAsync([delivery.Id], Cancellation);

        Time.Advance(TimeSpan.FromMilliseconds(9_999));
        (await ClaimAsync()).ShouldBeEmpty();
        Time.Advance(TimeSpan.FromMilliseconds(1));
        (await ClaimAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Lock_after_a_lease_ran_out_makes_it_a_lost_one()
    {
        var delivery = Endpoint.New(Now).Delivery(Now);
        await EnqueueAsync(delivery);
        var lost = (await ClaimAsync(lease: TimeSpan.FromSeconds(30))).ShouldHaveSingleItem();
        Time.Advance(TimeSpan.FromSeconds(31));

        (await Queue.LockAsync([delivery.Id], Cancellation)).ShouldBeEmpty();

        (await Queue.FindLostAsync([lost], Cancellation)).ShouldBe([lost]);
        await Queue.UnlockAsync([delivery.Id], Cancellation);
        (await ClaimAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Lock_of_what_is_unknown_leaves_nothing_behind()
    {
        var delivery = Endpoint.New(Now).Delivery(Now);
        (await Queue.LockAsync([delivery.Id], Cancellation)).ShouldBeEmpty();
        (await Queue.LockAsync([delivery.Id], Cancellation)).ShouldBe([delivery.Id]);
        await Queue.UnlockAsync([delivery.Id], Cancellation);
        (await ClaimAsync()).ShouldBeEmpty();

        (await Queue.LockAsync([delivery.Id], Cancellation)).ShouldBeEmpty();
        await EnqueueAsync(delivery);
        await Queue.UnlockAsync([delivery.Id], Cancellation);

        (await ClaimAsync()).ShouldHaveSingleItem();
    }
}
