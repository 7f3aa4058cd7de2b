namespace Hookstream.Conformance.Stores;

/// <summary>What waits is counted by tenant and by what holds it, and the oldest that is late is found.</summary>
public abstract class BacklogSuite : StoreSuite
{
    [Fact]
    public async Task Depth_is_what_a_tenant_has_unfinished()
    {
        var (acme, zenith) = (await NewTenantAsync("acme"), await NewTenantAsync("zenith"));
        await NewTenantAsync("idle");
        await SubscribeAsync(acme);
        await SubscribeAsync(zenith);
        await AppendManyAsync(acme, 5);
        await AppendManyAsync(zenith, 2);
        var leases = await ClaimAsync();
        var own = leases.Where(lease => lease.Tenant == acme).ToList();
        await SettleAsync(DeliveredOf(own[0]), DeadLetterOf(own[1]), RetryOf(own[2], TimeSpan.FromHours(1)));

        var backlog = await MeasureAsync();

        // What waits for a retry and what is being sent is not finished.
        Depths(backlog).ShouldBe(new Dictionary<string, long> { ["acme"] = 3, ["zenith"] = 2, ["idle"] = 0 }, ignoreOrder: true);
    }

    [Fact]
    public async Task Depth_leaves_out_what_is_being_cancelled()
    {
        var tenant = await NewTenantAsync();
        var gone = await SubscribeAsync(tenant);
        await SubscribeAsync(tenant);
        await AppendManyAsync(tenant, 4);
        await Store.Subscribers.DeleteAsync(tenant, gone.Id, Cancellation);

        Depths(await MeasureAsync())["acme"].ShouldBe(4);
    }

    [Fact]
    public async Task Held_is_told_by_what_holds_it()
    {
        var tenant = await NewTenantAsync();
        var paused = await SubscribeAsync(tenant, "a.*");
        await SubscribeAsync(tenant, SettingsOf("b.*") with { Verification = VerificationMode.Required });
        var broken = await SubscribeAsync(tenant, SettingsOf("c.*") with { CircuitThreshold = 1 });
        var blocked = await SubscribeAsync(tenant, "d.*");
        await SubscribeAsync(tenant, "e.*");
        foreach (var type in (string[])["a.x", "b.x", "b.x", "c.x", "c.x", "c.x", "d.x", "d.x", "d.x", "d.x", "e.x"])
            await AppendAsync(tenant, type);
        var first = (await ClaimAsync(perEndpoint: 1)).ToDictionary(lease => lease.Subscriber);
        await Store.Subscribers.SetPausedAsync(tenant, paused.Id, true, Cancellation);
        await SettleAsync(
            RetryOf(first[broken.Id], TimeSpan.FromSeconds(1)),
            RetryOf(first[blocked.Id], TimeSpan.FromSeconds(1)) with { BlockEndpointFor = TimeSpan.FromMinutes(5) });

        var held = (await MeasureAsync()).Held;

        held.ShouldBe(new HeldBacklog(Paused: 1, Unverified: 2, CircuitOpen: 3, Blocked: 4));
        Time.Advance(TimeSpan.FromMinutes(6));
        (await MeasureAsync()).Held.Blocked.ShouldBe(0);
    }

    [Fact]
    public async Task Oldest_due_grows_with_the_time_and_ends_with_the_delivery()
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);
        (await MeasureAsync()).OldestDue.ShouldBe(TimeSpan.Zero);
        await AppendAsync(tenant);
        Time.Advance(TimeSpan.FromSeconds(40));
        await AppendAsync(tenant);

        (await MeasureAsync()).OldestDue.ShouldBe(TimeSpan.FromSeconds(40));

        await SettleAllDueAsync(lease => RetryOf(lease, TimeSpan.FromMinutes(1)));
        (await MeasureAsync()).OldestDue.ShouldBe(TimeSpan.Zero);
        Time.Advance(TimeSpan.FromSeconds(75));
        (await MeasureAsync()).OldestDue.ShouldBe(TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task Oldest_due_is_of_open_endpoints_without_a_rate_limit_since_they_were_opened()
    {
        var tenant = await NewTenantAsync();
        var (paused, _) = await DeliverableAsync(tenant);
        await SubscribeAsync(tenant, SettingsOf("*") with { RateLimitPerSecond = 1 });
        await Store.Subscribers.SetPausedAsync(tenant, paused.Id, true, Cancellation);
        await AppendAsync(tenant);
        Time.Advance(TimeSpan.FromHours(1));

        (await MeasureAsync()).OldestDue.ShouldBe(TimeSpan.Zero);

        await Store.Subscribers.SetPausedAsync(tenant, paused.Id, false, Cancellation);
        Time.Advance(TimeSpan.FromSeconds(3));
        (await MeasureAsync()).OldestDue.ShouldBe(TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task Circuits_that_are_not_closed_are_told_with_their_state()
    {
        var tenant = await NewTenantAsync();
        var broken = await SubscribeAsync(
            tenant, SettingsOf("*") with { CircuitThreshold = 1, CircuitCooldown = TimeSpan.FromMinutes(1) });
        var other = await SubscribeAsync(tenant, "other.*");
        await AppendManyAsync(tenant, 2);
        (await MeasureAsync()).OpenCircuits.ShouldBeEmpty();
        (await MeasureAsync()).ClosedCircuits.ShouldBe([broken.Id, other.Id], ignoreOrder: true);
        await SettleAsync(RetryOf(await ClaimOneAsync(), TimeSpan.FromSeconds(1)));

        (await MeasureAsync()).OpenCircuits.ShouldHaveSingleItem().ShouldBe((broken.Id, CircuitState.Open));
        (await MeasureAsync()).ClosedCircuits.ShouldBe([other.Id]);
        Time.Advance(TimeSpan.FromMinutes(1));
        (await MeasureAsync()).OpenCircuits.ShouldHaveSingleItem().ShouldBe((broken.Id, CircuitState.HalfOpen));
        await Store.Subscribers.ResetCircuitAsync(tenant, broken.Id, Cancellation);
        (await MeasureAsync()).OpenCircuits.ShouldBeEmpty();
    }

    [Fact]
    public async Task Work_of_the_store_is_counted()
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant, SettingsOf("*") with { CircuitThreshold = 1, CircuitCooldown = TimeSpan.FromMinutes(1) });
        await AppendManyAsync(tenant, 5);
        Store.Meters.Sum("hookstream.store.commit.rows").ShouldBeGreaterThanOrEqualTo(10);
        Store.Meters.Values("hookstream.store.commit.duration").Count.ShouldBe(Store.Meters.Values("hookstream.store.commit.rows").Count);

        await SettleAsync(RetryOf(await ClaimOneAsync(), TimeSpan.FromHours(1)));
        Transitions().ShouldBe((1, 0, 0));
        Time.Advance(TimeSpan.FromMinutes(1));
        await SettleAsync(RetryOf(await ClaimOneAsync(), TimeSpan.FromHours(1)) with { CircuitEpoch = 1 });
        Transitions().ShouldBe((1, 0, 1));
        Time.Advance(TimeSpan.FromMinutes(1));
        await SettleAsync(DeliveredOf(await ClaimOneAsync()) with { CircuitEpoch = 2 });
        Transitions().ShouldBe((1, 1, 1));
    }

    private (double Opened, double Closed, double ProbeFailed) Transitions() =>
        (TransitionsTo("opened"), TransitionsTo("closed"), TransitionsTo("probe_failed"));

    private double TransitionsTo(string change) => Store.Meters.Value("hookstream.circuit.transitions", $"change={change}");

    private async Task<Backlog> MeasureAsync() =>
        (await Store.Maintenance.MeasureBacklogAsync(Cancellation)).ShouldNotBeNull();

    private static Dictionary<string, long> Depths(Backlog backlog) =>
        backlog.Tenants.ToDictionary(tenant => tenant.Name, tenant => tenant.Depth);
}
