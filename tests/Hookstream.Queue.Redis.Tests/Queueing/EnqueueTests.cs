namespace Hookstream.Queue.Redis.Tests.Queueing;

public sealed class EnqueueTests(SharedRedis redis) : QueueTests(redis)
{
    [Fact]
    public async Task Enqueue_again_changes_nothing()
    {
        var delivery = Endpoint.New(Now).Delivery(Now);
        await EnqueueAsync(delivery, delivery);
        await EnqueueAsync(delivery);

        (await ClaimAsync()).ShouldHaveSingleItem();
        await EnqueueAsync(delivery);
        (await ClaimAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Enqueue_of_an_older_version_changes_nothing()
    {
        var delivery = Endpoint.New(Now).Delivery(Now.AddHours(1), version: 5);
        await EnqueueAsync(delivery);

        await Queue.EnqueueAsync([delivery with { Due = Now, Version = 4 }], Cancellation);

        (await ClaimAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Enqueue_of_a_newer_version_moves_it_and_ends_its_lease()
    {
        var delivery = Endpoint.New(Now).Delivery(Now.AddHours(1), laneClass: 1, version: 5);
        await EnqueueAsync(delivery);
        await EnqueueAsync(delivery with { Due = Now, Class = 3, Version = 6 });
        var lost = await ClaimOneAsync();
        lost.Version.ShouldBe(6);

        await EnqueueAsync(delivery with { Due = Now, Class = 0, Version = 7 });

        (await Queue.RenewAsync([lost], LeaseDuration, Cancellation)).ShouldBe([lost]);
        (await ClaimOneAsync()).Version.ShouldBe(7);
        Time.Advance(TimeSpan.FromHours(2));
        (await ClaimAsync()).ShouldHaveSingleItem().Version.ShouldBe(7);
    }

    [Fact]
    public async Task Removed_delivery_is_claimed_no_more()
    {
        var endpoint = Endpoint.New(Now);
        var deliveries = endpoint.Deliveries(3, Now);
        await EnqueueAsync(deliveries);

        await Queue.RemoveAsync([deliveries[1].Id, DeliveryId.New(Now)], Cancellation);

        (await ClaimAsync()).Select(lease => lease.Delivery).ShouldBe([deliveries[0].Id, deliveries[2].Id], ignoreOrder: true);
    }

    [Fact]
    public async Task Settled_delivery_is_gone_and_what_waits_again_comes_when_it_is_due()
    {
        var endpoint = Endpoint.New(Now);
        var deliveries = endpoint.Deliveries(2, Now);
        await EnqueueAsync(deliveries);
        var leases = await ClaimAsync();

        await Queue.SettledAsync(leases, [deliveries[1] with { Due = Now.AddSeconds(30), Version = 1 }], Cancellation);

        (await ClaimAsync()).ShouldBeEmpty();
        Time.Advance(TimeSpan.FromSeconds(30));
        (await ClaimAsync()).ShouldHaveSingleItem().Delivery.ShouldBe(deliveries[1].Id);
        Time.Advance(TimeSpan.FromHours(1));
        (await ClaimAsync()).ShouldHaveSingleItem().Delivery.ShouldBe(deliveries[1].Id);
    }

    [Fact]
    public async Task Ten_thousand_at_once_are_all_there()
    {
        await EnqueueAsync(Endpoint.New(Now).Deliveries(9_999, Now));

        (await ClaimAsync(slots: 20_000, perEndpoint: 20_000)).Count.ShouldBe(9_999);
    }
}
