using Hookstream.Core.Stores;

namespace Hookstream.Queue.Redis.Tests.Queueing;

public sealed class LaneBoundTests(SharedRedis redis) : QueueTests(redis)
{
    protected override int LaneBound => 100;

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(7)]
    public async Task Lane_holds_its_bound_and_is_topped_up_from_the_store(int laneClass)
    {
        var endpoint = Endpoint.New(Now);
        var deliveries = endpoint.Deliveries(1_000, Now, laneClass);
        await EnqueueAsync(deliveries);

        var order = await DrainAsync(10, deliveries.Length);

        order.Distinct().Count().ShouldBe(deliveries.Length);
        Source.LaneReads.ShouldBeGreaterThan(5);
    }

    [Fact]
    public async Task Lane_is_read_on_from_where_it_was_read_to()
    {
        var deliveries = Endpoint.New(Now).Deliveries(1_000, Now);
        await EnqueueAsync(deliveries);

        await DrainAsync(10, deliveries.Length);

        Source.LaneRows.ShouldBeInRange(900, 1_200);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task Whatever_comes_while_a_lane_is_read_bit_by_bit_is_claimed(int seed)
    {
        var random = new Random(seed);
        var endpoint = Endpoint.New(Now);
        await EnqueueAsync(endpoint.Deliveries(600, Now));
        var all = 600;
        var claimed = new HashSet<DeliveryId>();
        while (all < 1_500)
        {
            var more = random.Next(1, 200);
            await EnqueueAsync(endpoint.Deliveries(more, Now.AddMilliseconds(random.Next(-20_000, 20_000))));
            all += more;
            claimed.UnionWith(await DrainAsync(random.Next(1, 30), random.Next(1, Math.Min(150, all - claimed.Count))));
            Time.Advance(TimeSpan.FromMilliseconds(random.Next(0, 8_000)));
        }

        claimed.UnionWith(await DrainAsync(30, all - claimed.Count));

        claimed.Count.ShouldBe(all);
    }

    [Fact]
    public async Task Delivery_that_is_due_now_finds_room_in_a_lane_full_of_later_ones()
    {
        var endpoint = Endpoint.New(Now);
        await EnqueueAsync(endpoint.Deliveries(150, Now.AddHours(2)));
        var urgent = endpoint.Delivery(Now);

        await EnqueueAsync(urgent);

        (await ClaimAsync()).ShouldHaveSingleItem().Delivery.ShouldBe(urgent.Id);
        await DeliverAsync(new Lease(urgent.Id, endpoint.Tenant, endpoint.Subscriber, 0, long.MaxValue / 2));
        Time.Advance(TimeSpan.FromHours(2));
        (await DrainAsync(10, 150)).Distinct().Count().ShouldBe(150);
    }

    [Fact]
    public async Task New_deliveries_do_not_go_before_those_beyond_the_bound()
    {
        var endpoint = Endpoint.New(Now);
        var old = endpoint.Deliveries(300, Now);
        await EnqueueAsync(old);
        var claimed = new List<DeliveryId>();
        while (claimed.Count < 250)
        {
            Time.Advance(TimeSpan.FromMilliseconds(1_000));
            await EnqueueAsync(endpoint.Delivery(Now));
            claimed.AddRange(await DrainAsync(10, 10));
        }

        claimed.Take(250).Except(old.Select(delivery => delivery.Id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_committed_while_a_lane_is_read_is_not_forgotten()
    {
        var endpoint = Endpoint.New(Now);
        await EnqueueAsync(endpoint.Deliveries(120, Now));
        var late = endpoint.Delivery(Now.AddMilliseconds(1));
        Source.AfterRead = async () =>
        {
            Source.AfterRead = null;
            await EnqueueAsync(late);
        };
        Time.Advance(TimeSpan.FromSeconds(1));

        (await DrainAsync(10, 121)).ShouldContain(late.Id);
    }

    [Fact]
    public async Task Claim_passes_a_blocked_lane_that_wants_more_from_the_store()
    {
        var endpoint = Endpoint.New(Now);
        await EnqueueAsync(endpoint.Deliveries(300, Now));
        Source.AfterRead = () => throw new StoreUnavailableException("the store is away");
        var leases = await ClaimAsync(slots: 80);
        leases.Count.ShouldBe(80);
        await Queue.HoldAsync([endpoint.Hold(blockedUntil: Now.AddSeconds(60))], Cancellation);
        await Queue.SettledAsync(leases, [], Cancellation);
        var other = Endpoint.New(Now);
        await EnqueueAsync(other.Delivery(Now), endpoint.Delivery(Now));

        (await ClaimAsync()).ShouldHaveSingleItem().Subscriber.ShouldBe(other.Subscriber);
    }

    [Fact]
    public async Task Claim_passes_a_lane_out_of_tokens_that_wants_more_from_the_store()
    {
        var endpoint = Endpoint.New(Now);
        await Queue.HoldAsync([endpoint.Hold(rate: 80)], Cancellation);
        await EnqueueAsync(endpoint.Deliveries(300, Now));
        Source.AfterRead = () => throw new StoreUnavailableException("the store is away");
        (await ClaimAsync()).Count.ShouldBe(80);
        var other = Endpoint.New(Now);
        await EnqueueAsync(other.Delivery(Now), endpoint.Delivery(Now));

        (await ClaimAsync()).ShouldHaveSingleItem().Subscriber.ShouldBe(other.Subscriber);
    }
}
