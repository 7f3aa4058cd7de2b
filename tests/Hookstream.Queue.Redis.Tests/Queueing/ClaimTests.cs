namespace Hookstream.Queue.Redis.Tests.Queueing;

public sealed class ClaimTests(SharedRedis redis) : QueueTests(redis)
{
    [Fact]
    public async Task Claim_of_an_empty_queue_is_empty() => (await ClaimAsync()).ShouldBeEmpty();

    [Fact]
    public async Task Claim_names_the_delivery_with_its_version_and_a_token()
    {
        var endpoint = Endpoint.New(Now);
        var delivery = endpoint.Delivery(Now, version: 7);
        await EnqueueAsync(delivery);

        var lease = await ClaimOneAsync();

        lease.Token.ShouldBeGreaterThan(0);
        lease.ShouldBe(new Lease(delivery.Id, endpoint.Tenant, endpoint.Subscriber, 7, lease.Token));
        (await ClaimAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Claim_by_many_at_once_takes_each_delivery_once()
    {
        const int Count = 4_000;
        await using var other = await OpenAsync();
        for (var i = 0; i < 4; i++)
            await EnqueueAsync(Endpoint.New(Now).Deliveries(Count / 4, Now));
        var request = new ClaimRequest(50, 50, new Dictionary<SubscriberId, int>(), LeaseDuration);

        var claimed = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(async () =>
        {
            var mine = new List<IReadOnlyList<Lease>>();
            while (await (i % 2 == 0 ? Queue : other).ClaimAsync(request, Cancellation) is { Count: > 0 } leases)
                mine.Add(leases);
            return mine;
        })));

        var claims = claimed.SelectMany(mine => mine).ToList();
        var all = claims.SelectMany(leases => leases).ToList();
        all.Count.ShouldBe(Count);
        all.Select(lease => lease.Delivery).Distinct().Count().ShouldBe(Count);
        claims.ShouldAllBe(leases => leases.Select(lease => lease.Token).Distinct().Count() == 1);
        claims.Select(leases => leases[0].Token).Distinct().Count().ShouldBe(claims.Count);
    }

    [Fact]
    public async Task Claim_takes_what_is_due_to_the_millisecond_and_nothing_before()
    {
        var endpoint = Endpoint.New(Now);
        await EnqueueAsync(endpoint.Delivery(Now.AddMilliseconds(30_000)), endpoint.Delivery(Now.AddMilliseconds(30_001)));

        Time.Advance(TimeSpan.FromMilliseconds(29_999));
        (await ClaimAsync()).ShouldBeEmpty();
        Time.Advance(TimeSpan.FromMilliseconds(1));
        (await ClaimAsync()).ShouldHaveSingleItem();
        Time.Advance(TimeSpan.FromMilliseconds(1));
        (await ClaimAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Claim_goes_by_class_then_oldest_first()
    {
        var endpoint = Endpoint.New(Now);
        var deliveries = new List<QueuedDelivery>();
        for (var i = 0; i < 12; i++)
        {
            deliveries.Add(endpoint.Delivery(Now, laneClass: (7 * i) % 4));
            Time.Advance(TimeSpan.FromMilliseconds(3));
        }

        await EnqueueAsync([.. deliveries]);
        var order = new List<DeliveryId>();
        for (var i = 0; i < deliveries.Count; i++)
            order.Add((await ClaimOneAsync()).Delivery);

        order.ShouldBe(deliveries.OrderBy(delivery => delivery.Class).ThenBy(delivery => delivery.Due).Select(d => d.Id));
    }

    [Fact]
    public async Task Claim_gives_an_endpoint_what_is_free_there()
    {
        var full = Endpoint.New(Now);
        var busy = Endpoint.New(Now);
        var idle = Endpoint.New(Now);
        var capped = Endpoint.New(Now);
        await Queue.HoldAsync([capped.Hold(maxInFlight: 2)], Cancellation);
        foreach (var endpoint in new[] { full, busy, idle, capped })
            await EnqueueAsync([.. endpoint.Deliveries(20, Now), .. endpoint.Deliveries(20, Now, laneClass: 0)]);

        var leases = await ClaimAsync(
            perEndpoint: 5, free: new Dictionary<SubscriberId, int> { [full.Subscriber] = 0, [busy.Subscriber] = 3 });

        leases.Count(lease => lease.Subscriber == full.Subscriber).ShouldBe(0);
        leases.Count(lease => lease.Subscriber == busy.Subscriber).ShouldBe(3);
        leases.Count(lease => lease.Subscriber == idle.Subscriber).ShouldBe(5);
        leases.Count(lease => lease.Subscriber == capped.Subscriber).ShouldBe(2);
        (await ClaimAsync(slots: 1_000, perEndpoint: 1_000)).Count(lease => lease.Subscriber == full.Subscriber).ShouldBe(40);
    }

    [Fact]
    public async Task Claim_goes_round_tenants_whatever_waits_at_one()
    {
        var big = Endpoint.New(Now);
        await EnqueueAsync(big.Deliveries(3_000, Now));
        var small = new List<Endpoint>();
        for (var i = 0; i < 20; i++)
        {
            small.Add(Endpoint.New(Now));
            await EnqueueAsync(small[i].Deliveries(2, Now));
        }

        var leases = await ClaimAsync(slots: 42, perEndpoint: 42);

        foreach (var endpoint in small)
            leases.Count(lease => lease.Subscriber == endpoint.Subscriber).ShouldBeGreaterThan(0);
        leases.Count.ShouldBe(42);
        leases.Count(lease => lease.Subscriber == big.Subscriber).ShouldBeLessThan(5);
    }

    [Fact]
    public async Task Claim_goes_round_the_endpoints_of_a_tenant()
    {
        var tenant = TenantId.New(Now);
        await EnqueueAsync(Endpoint.New(Now, tenant).Deliveries(1_000, Now));
        for (var i = 0; i < 9; i++)
            await EnqueueAsync(Endpoint.New(Now, tenant).Deliveries(1, Now));

        var leases = await ClaimAsync(slots: 20);

        leases.Select(lease => lease.Subscriber).Distinct().Count().ShouldBe(10);
    }

    [Fact]
    public async Task Claim_of_many_lanes_that_become_due_together_fills_its_slots()
    {
        for (var i = 0; i < 700; i++)
            await EnqueueAsync(Endpoint.New(Now).Delivery(Now.AddSeconds(10)));
        Time.Advance(TimeSpan.FromSeconds(10));

        (await ClaimAsync(slots: 500)).Count.ShouldBe(500);
        (await ClaimAsync(slots: 500)).Count.ShouldBe(200);
    }
}
