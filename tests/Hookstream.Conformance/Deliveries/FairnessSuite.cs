namespace Hookstream.Conformance.Deliveries;

/// <summary>Claims go round the tenants and their endpoints, so that nobody's backlog delays somebody else.</summary>
public abstract class FairnessSuite : StoreSuite
{
    [Fact]
    public Task A_tenant_with_a_backlog_does_not_delay_small_ones() => ServeSmallTenantsAsync(backlog: 5_000);

    [Fact]
    [Trait("Category", "Scale")]
    public Task A_tenant_with_a_backlog_of_50_000_does_not_delay_small_ones() => ServeSmallTenantsAsync(backlog: 50_000);

    [Fact]
    public async Task A_tenant_with_many_endpoints_gets_one_turn_like_others()
    {
        var many = await NewTenantAsync("many");
        for (var i = 0; i < 20; i++)
            await SubscribeAsync(many);
        await AppendManyAsync(many, 50);
        Tick();
        var one = await NewTenantAsync("one");
        await SubscribeAsync(one);
        await AppendManyAsync(one, 50);

        var fromOne = 0;
        for (var round = 0; round < 4; round++)
            fromOne += (await ClaimAsync(slots: 20)).Count(lease => lease.Tenant == one);

        fromOne.ShouldBeGreaterThanOrEqualTo(20, "half of 80 slots is due to it; a turn per endpoint would give it 4");
    }

    [Fact]
    public async Task A_tenant_that_holds_its_share_is_kept_out_of_a_claim_and_comes_to_the_next()
    {
        var full = await NewTenantAsync("full");
        await SubscribeAsync(full);
        await SubscribeAsync(full);
        await AppendManyAsync(full, 10);
        var other = await NewTenantAsync("other");
        await SubscribeAsync(other);
        await AppendManyAsync(other, 10);
        var request = new ClaimRequest(100, 100, new Dictionary<SubscriberId, int>(), LeaseDuration)
        {
            FullTenants = new HashSet<TenantId> { full },
        };

        var leases = await Store.Queue.ClaimAsync(request, Cancellation);
        (await Store.Queue.ClaimAsync(request, Cancellation)).ShouldBeEmpty();

        leases.Count.ShouldBe(10);
        leases.ShouldAllBe(lease => lease.Tenant == other);
        (await ClaimAsync()).Count.ShouldBe(20);
    }

    [Fact]
    public async Task An_endpoint_with_a_backlog_does_not_delay_others_of_its_tenant()
    {
        var tenant = await NewTenantAsync();
        var busy = await SubscribeAsync(tenant, "busy.*");
        for (var i = 0; i < 4; i++)
            await Store.Events.AppendAsync([.. Enumerable.Range(0, 500).Select(_ => NewEventOf(tenant, "busy.x"))], Cancellation);
        Tick();
        var quiet = new List<SubscriberId>();
        for (var i = 0; i < 10; i++)
            quiet.Add((await SubscribeAsync(tenant, "quiet.*")).Id);
        await AppendAsync(tenant, "quiet.x");

        var served = new HashSet<SubscriberId>();
        for (var round = 0; round < 3; round++)
            served.UnionWith((await ClaimAsync(slots: 22)).Select(lease => lease.Subscriber));

        served.ShouldBe([.. quiet, busy.Id], ignoreOrder: true);
    }

    [Fact]
    public async Task A_round_with_few_slots_goes_on_where_the_one_before_ended()
    {
        var tenants = new List<TenantId>();
        for (var i = 0; i < 10; i++)
        {
            var tenant = await NewTenantAsync($"tenant {i}");
            await SubscribeAsync(tenant);
            await AppendManyAsync(tenant, 20);
            tenants.Add(tenant);
        }

        var served = new List<TenantId>();
        for (var i = 0; i < 30; i++)
            served.Add((await ClaimOneAsync()).Tenant);

        served.GroupBy(tenant => tenant).Count().ShouldBe(10);
        served.GroupBy(tenant => tenant).ShouldAllBe(group => group.Count() >= 2 && group.Count() <= 4);
    }

    [Fact]
    public async Task Priority_of_one_tenant_does_not_go_before_another_tenant()
    {
        var loud = await NewTenantAsync("loud");
        await SubscribeAsync(loud);
        await AppendManyAsync(loud, 200, EventPriority.High);
        Tick();
        var modest = await NewTenantAsync("modest");
        await SubscribeAsync(modest);
        await AppendManyAsync(modest, 10, EventPriority.Low);

        var leases = new List<Lease>();
        for (var round = 0; round < 2; round++)
            leases.AddRange(await ClaimAsync(slots: 20));

        leases.Count(lease => lease.Tenant == modest).ShouldBeGreaterThanOrEqualTo(10);
    }

    [Fact]
    public async Task Endpoints_that_are_full_or_shut_take_no_turns()
    {
        var tenant = await NewTenantAsync();
        var stuck = new Dictionary<SubscriberId, int>();
        for (var i = 0; i < 20; i++)
            stuck[(await SubscribeAsync(tenant, "stuck.*")).Id] = 0;
        var paused = await SubscribeAsync(tenant, "stuck.*");
        await Store.Subscribers.SetPausedAsync(tenant, paused.Id, true, Cancellation);
        await Store.Events.AppendAsync([.. Enumerable.Range(0, 100).Select(_ => NewEventOf(tenant, "stuck.x"))], Cancellation);
        Tick();
        var well = await SubscribeAsync(tenant, "well.*");
        await Store.Events.AppendAsync([.. Enumerable.Range(0, 30).Select(_ => NewEventOf(tenant, "well.x"))], Cancellation);

        var leases = await ClaimAsync(slots: 30, free: stuck);

        leases.Count.ShouldBe(30);
        leases.ShouldAllBe(lease => lease.Subscriber == well.Id);
    }

    private async Task ServeSmallTenantsAsync(int backlog)
    {
        const int SmallTenants = 20;
        const int Each = 50;
        const int Slots = 42;
        var big = await NewTenantAsync("big");
        await SubscribeAsync(big);
        await AppendManyAsync(big, backlog);
        Tick();
        var small = new List<TenantId>();
        for (var i = 0; i < SmallTenants; i++)
        {
            var tenant = await NewTenantAsync($"small {i}");
            await SubscribeAsync(tenant);
            await AppendManyAsync(tenant, Each);
            small.Add(tenant);
        }

        var served = small.Append(big).ToDictionary(tenant => tenant, _ => 0);
        for (var round = 1; small.Any(tenant => served[tenant] < Each); round++)
        {
            foreach (var lease in await ClaimAsync(Slots, Slots, TimeSpan.FromHours(1)))
                served[lease.Tenant]++;
            if (round == 3)
                small.ShouldAllBe(tenant => served[tenant] > 0, "every small tenant is served within the first rounds");
            round.ShouldBeLessThan(60, "the small tenants together have work for 24 rounds");
        }

        served[big].ShouldBeLessThan(10 * Each, "the backlog took its turns and no more");
        served[big].ShouldBeGreaterThan(0, "small tenants do not starve the big one either");
    }
}
