using Hookstream.Core.Stores;

namespace Hookstream.Queue.Redis.Tests.Queueing;

public sealed class LeaseTests(SharedRedis redis) : QueueTests(redis)
{
    [Fact]
    public async Task Lease_that_ran_out_is_taken_over_under_a_greater_token()
    {
        await EnqueueAsync(Endpoint.New(Now).Delivery(Now));
        var lost = (await ClaimAsync(lease: TimeSpan.FromSeconds(30))).ShouldHaveSingleItem();

        Time.Advance(TimeSpan.FromMilliseconds(29_999));
        (await ClaimAsync()).ShouldBeEmpty();
        Time.Advance(TimeSpan.FromMilliseconds(1));
        (await Queue.FindLostAsync([lost], Cancellation)).ShouldBeEmpty("nobody has taken it over yet");
        var held = await ClaimOneAsync();

        held.Delivery.ShouldBe(lost.Delivery);
        held.Token.ShouldBeGreaterThan(lost.Token);
        (await Queue.FindLostAsync([lost, held], Cancellation)).ShouldBe([lost]);
        (await Queue.RenewAsync([lost, held], LeaseDuration, Cancellation)).ShouldBe([lost]);
    }

    [Fact]
    public async Task Settle_and_release_of_a_lost_lease_leave_the_one_that_took_over()
    {
        await EnqueueAsync(Endpoint.New(Now).Delivery(Now));
        var lost = (await ClaimAsync(lease: TimeSpan.FromSeconds(30))).ShouldHaveSingleItem();
        Time.Advance(TimeSpan.FromSeconds(31));
        var held = await ClaimOneAsync();

        await Queue.ReleaseAsync([lost], Cancellation);
        await Queue.SettledAsync([lost], [], Cancellation);

        (await ClaimAsync()).ShouldBeEmpty();
        (await Queue.FindLostAsync([held], Cancellation)).ShouldBeEmpty();
        Time.Advance(TimeSpan.FromSeconds(61));
        (await ClaimAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Lease_is_given_back_though_the_store_is_away_and_cannot_be_asked_about_it()
    {
        await EnqueueAsync(Endpoint.New(Now).Delivery(Now));
        await Queue.ReleaseAsync([await ClaimOneAsync()], Cancellation);
        var asked = false;
        Source.AfterRead = () =>
        {
            asked = true;
            throw new StoreUnavailableException("away");
        };

        await Queue.ReleaseAsync([await ClaimOneAsync()], Cancellation);

        asked.ShouldBeTrue("what is given back twice may have ended");
        (await ClaimAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Renewed_lease_lasts_longer()
    {
        await EnqueueAsync(Endpoint.New(Now).Delivery(Now));
        var lease = (await ClaimAsync(lease: TimeSpan.FromSeconds(30))).ShouldHaveSingleItem();
        Time.Advance(TimeSpan.FromSeconds(20));

        (await Queue.RenewAsync([lease], TimeSpan.FromSeconds(30), Cancellation)).ShouldBeEmpty();

        Time.Advance(TimeSpan.FromSeconds(29));
        (await ClaimAsync()).ShouldBeEmpty();
        Time.Advance(TimeSpan.FromSeconds(1));
        (await ClaimAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Renewed_lease_that_had_run_out_is_held_again()
    {
        var deliveries = Endpoint.New(Now).Deliveries(2, Now);
        await EnqueueAsync(deliveries);
        var leases = await ClaimAsync(lease: TimeSpan.FromSeconds(30));
        Time.Advance(TimeSpan.FromSeconds(31));
        var takenOver = await ClaimOneAsync();

        var lost = await Queue.RenewAsync(leases, LeaseDuration, Cancellation);

        lost.ShouldHaveSingleItem().Delivery.ShouldBe(takenOver.Delivery);
        (await ClaimAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Released_lease_is_lost_and_its_delivery_due_at_once()
    {
        await EnqueueAsync(Endpoint.New(Now).Delivery(Now));
        var lease = await ClaimOneAsync();

        await Queue.ReleaseAsync([lease], Cancellation);

        (await Queue.RenewAsync([lease], LeaseDuration, Cancellation)).ShouldBe([lease]);
        (await ClaimOneAsync()).Delivery.ShouldBe(lease.Delivery);
    }

    [Fact]
    public async Task Delivery_that_the_store_has_finished_is_given_back_twice_at_most()
    {
        var delivery = Endpoint.New(Now).Delivery(Now);
        await Queue.EnqueueAsync([delivery], Cancellation);

        for (var i = 0; i < 2; i++)
            await Queue.ReleaseAsync([await ClaimOneAsync()], Cancellation);

        (await ClaimAsync()).ShouldBeEmpty("the store does not know it: it would come back for ever");
    }

    [Fact]
    public async Task Delivery_that_has_moved_on_in_the_store_is_put_right_when_given_back_twice()
    {
        var delivery = Endpoint.New(Now).Delivery(Now, version: 3);
        await Queue.EnqueueAsync([delivery], Cancellation);
        Source.Add([delivery with { Version = 4, Due = Now.AddMinutes(1) }]);

        for (var i = 0; i < 2; i++)
            await Queue.ReleaseAsync([await ClaimOneAsync()], Cancellation);

        (await ClaimAsync()).ShouldBeEmpty();
        Time.Advance(TimeSpan.FromMinutes(1));
        (await ClaimOneAsync()).Version.ShouldBe(4);
    }

    [Fact]
    public async Task Delivery_that_waits_is_claimed_however_often_it_is_given_back()
    {
        await EnqueueAsync(Endpoint.New(Now).Delivery(Now));

        for (var i = 0; i < 10; i++)
            await Queue.ReleaseAsync([await ClaimOneAsync()], Cancellation);
    }
}
