namespace Hookstream.Conformance.Deliveries;

/// <summary>
/// An endpoint with a rate limit is sent a burst of one second's worth and no more than its rate from then on; what exceeds it waits.
/// A suite sees claims: each is one request.
/// </summary>
public abstract class RateLimitSuite : StoreSuite
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.7)]
    [InlineData(1)]
    [InlineData(2.5)]
    [InlineData(10)]
    [InlineData(30)]
    public async Task Rate_is_kept_and_used_in_every_window(double rate)
    {
        var (tenant, _) = await LimitedAsync(rate, (int)(rate * 150) + 40);
        var claims = await RunAsync([Store.Queue], 2 * Window, seed: 1);

        ShouldKeep(claims, rate);
        (await PendingAsync(tenant)).ShouldBeGreaterThan(0, "there has to be enough that waits");
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(20)]
    public async Task Rate_is_one_for_all_nodes(double rate)
    {
        await LimitedAsync(rate, (int)(rate * 150) + 40);
        var nodes = new List<IDeliveryQueue> { Store.Queue };
        for (var i = 0; i < 2; i++)
        {
            if (await Store.OpenNodeAsync() is not { } node)
            {
                Assert.Skip("this back end is one process");
                return;
            }

            nodes.Add(node);
        }

        ShouldKeep(await RunAsync(nodes, 2 * Window, seed: 2), rate);
    }

    [Fact]
    public async Task What_waits_too_long_behind_the_limit_is_dead_lettered_and_costs_no_token()
    {
        var maxAge = TimeSpan.FromDays(3);
        var (tenant, _) = await LimitedAsync(1, 20);
        await SettleAsync(DeliveredOf((await ClaimAsync()).ShouldHaveSingleItem()));
        Time.Advance(maxAge + TimeSpan.FromSeconds(1));
        await AppendAsync(tenant);

        (await Store.Maintenance.ExpireAsync(maxAge, Cancellation)).ShouldBe(19);

        var lease = (await ClaimAsync()).ShouldHaveSingleItem();
        (await LoadOneAsync(lease)).WaitingSince.ShouldBe(Now);
    }

    [Fact]
    public async Task Burst_is_one_seconds_worth_and_one_token_is_claimed_when_it_is_there_and_not_before()
    {
        await LimitedAsync(4, 100);
        (await ClaimAsync()).Count.ShouldBe(4);
        (await ClaimAsync()).ShouldBeEmpty();
        for (var i = 0; i < 5; i++)
        {
            Time.Advance(TimeSpan.FromMilliseconds(i == 0 ? 120 : 245));
            (await ClaimAsync()).ShouldBeEmpty();
            Time.Advance(TimeSpan.FromMilliseconds(5));
            (await ClaimAsync()).ShouldHaveSingleItem();
        }

        // Nothing is saved up beyond the burst.
        Time.Advance(TimeSpan.FromHours(1));
        (await ClaimAsync()).Count.ShouldBe(4);
    }

    [Fact]
    public async Task One_in_ten_seconds_is_one_in_ten_seconds()
    {
        var (tenant, subscriber) = await LimitedAsync(0.1, 10);
        var first = Now;
        for (var i = 0; i < 4; i++)
        {
            var lease = (await ClaimAsync()).ShouldHaveSingleItem();
            lease.Subscriber.ShouldBe(subscriber.Id);
            await SettleAsync(DeliveredOf(lease));
            for (var wait = TimeSpan.Zero; wait < TimeSpan.FromSeconds(9); wait += TimeSpan.FromSeconds(3))
            {
                Time.Advance(TimeSpan.FromSeconds(3));
                (await ClaimAsync()).ShouldBeEmpty();
            }

            Time.Advance(TimeSpan.FromSeconds(1));
        }

        (Now - first).ShouldBe(TimeSpan.FromSeconds(40));
        (await PendingAsync(tenant)).ShouldBe(6);
    }

    [Fact]
    public async Task What_waits_for_a_token_reads_as_pending_and_spends_no_attempt()
    {
        var (tenant, _) = await LimitedAsync(1, 5);
        await ClaimAsync();

        (await PendingAsync(tenant)).ShouldBe(5);
        var held = await Store.Deliveries.ListAsync(
            tenant, new DeliveryQuery { Status = DeliveryStatus.Held }, new PageRequest(100, null), Cancellation);
        held.Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task All_priorities_share_one_rate_and_the_highest_goes_first()
    {
        var (tenant, _) = await LimitedAsync(2, 10);
        await AppendManyAsync(tenant, 10, EventPriority.Low);
        Tick();
        await AppendManyAsync(tenant, 3, EventPriority.High);
        var high = (await PagesAsync(tenant)).OrderByDescending(delivery => delivery.CreatedAt).Take(3).Select(delivery => delivery.Id).ToHashSet();
        var claimed = new List<Lease>();
        for (var i = 0; i < 3; i++)
        {
            var leases = await ClaimAsync();
            leases.Count.ShouldBe(2);
            claimed.AddRange(leases);
            Time.Advance(TimeSpan.FromSeconds(1));
        }

        claimed.Take(3).ShouldAllBe(lease => high.Contains(lease.Delivery));
        claimed.Skip(3).ShouldAllBe(lease => !high.Contains(lease.Delivery));
    }

    [Fact]
    public async Task Tokens_that_a_claim_does_not_use_are_there_for_the_next()
    {
        var (tenant, _) = await LimitedAsync(10, 3);
        (await ClaimAsync()).Count.ShouldBe(3);
        await AppendManyAsync(tenant, 20);

        (await ClaimAsync()).Count.ShouldBe(7);
        (await ClaimAsync()).ShouldBeEmpty();
    }

    // The time at which it was taken is over: given back later, it would let more through than the rate in some window.
    [Fact]
    public async Task Claim_that_is_given_back_has_used_its_token()
    {
        await LimitedAsync(2, 10);
        var leases = await ClaimAsync();
        leases.Count.ShouldBe(2);

        await Store.Queue.ReleaseAsync(leases, Cancellation);

        (await ClaimAsync()).ShouldBeEmpty();
        Time.Advance(TimeSpan.FromMilliseconds(500));
        (await ClaimAsync()).Select(lease => lease.Delivery).ShouldBeSubsetOf(leases.Select(lease => lease.Delivery));
    }

    [Fact]
    public async Task Pause_and_resume_give_no_tokens()
    {
        var (tenant, subscriber) = await LimitedAsync(2, 10);
        (await ClaimAsync()).Count.ShouldBe(2);
        await Store.Subscribers.SetPausedAsync(tenant, subscriber.Id, true, Cancellation);
        Time.Advance(TimeSpan.FromMilliseconds(500));
        (await ClaimAsync()).ShouldBeEmpty();
        await Store.Subscribers.SetPausedAsync(tenant, subscriber.Id, false, Cancellation);

        (await ClaimAsync()).ShouldHaveSingleItem();
        (await ClaimAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Rate_that_is_taken_away_lets_go_what_waits_at_once()
    {
        var (tenant, subscriber) = await LimitedAsync(0.1, 10);
        (await ClaimAsync()).ShouldHaveSingleItem();
        (await ClaimAsync()).ShouldBeEmpty();

        await ChangeRateAsync(tenant, subscriber, null);

        (await ClaimAsync()).Count.ShouldBe(9);
    }

    [Fact]
    public async Task Rate_that_is_set_holds_from_then_on()
    {
        var tenant = await NewTenantAsync();
        var subscriber = await SubscribeAsync(tenant);
        await AppendManyAsync(tenant, 20);
        (await ClaimAsync(slots: 5)).Count.ShouldBe(5);

        await ChangeRateAsync(tenant, subscriber, 3);

        (await ClaimAsync()).Count.ShouldBe(3);
        (await ClaimAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Rate_that_is_raised_is_honoured_within_a_second()
    {
        var (tenant, subscriber) = await LimitedAsync(0.1, 100);
        (await ClaimAsync()).ShouldHaveSingleItem();
        (await ClaimAsync()).ShouldBeEmpty();

        await ChangeRateAsync(tenant, subscriber, 20);

        var claimed = 0;
        for (var i = 0; i < 10; i++)
        {
            claimed += (await ClaimAsync()).Count;
            Time.Advance(TimeSpan.FromMilliseconds(100));
        }

        claimed.ShouldBeInRange(18, 21);
    }

    [Fact]
    public async Task Rate_of_one_endpoint_holds_no_other()
    {
        var (tenant, limited) = await LimitedAsync(1, 5);
        var other = await SubscribeAsync(tenant);
        await AppendManyAsync(tenant, 30);

        var leases = await ClaimAsync();

        leases.Count(lease => lease.Subscriber == limited.Id).ShouldBe(1);
        leases.Count(lease => lease.Subscriber == other.Id).ShouldBe(30);
    }

    [Fact]
    public async Task Probe_of_a_limited_endpoint_waits_for_a_token_and_uses_it()
    {
        var tenant = await NewTenantAsync();
        var cooldown = TimeSpan.FromSeconds(1);
        var subscriber = await SubscribeAsync(
            tenant, SettingsOf("*") with { RateLimitPerSecond = 0.1, CircuitThreshold = 1, CircuitCooldown = cooldown });
        await AppendManyAsync(tenant, 5);
        await SettleAsync(RetryOf(await ClaimOneAsync(), TimeSpan.FromHours(1)));
        var open = (await Store.Subscribers.FindAsync(tenant, subscriber.Id, Cancellation)).ShouldNotBeNull().Gate.Circuit;
        open.IsOpen.ShouldBeTrue();
        Time.Advance(TimeSpan.FromSeconds(2));
        (await ClaimAsync()).ShouldBeEmpty();
        Time.Advance(TimeSpan.FromSeconds(8));

        var probe = (await ClaimAsync()).ShouldHaveSingleItem();

        probe.IsProbe.ShouldBeTrue();
        await SettleAsync(DeliveredOf(probe) with { CircuitEpoch = open.Epoch });
        (await Store.Subscribers.FindAsync(tenant, subscriber.Id, Cancellation)).ShouldNotBeNull().Gate.Circuit.IsOpen.ShouldBeFalse();
        (await ClaimAsync()).ShouldBeEmpty();
        Time.Advance(TimeSpan.FromSeconds(10));
        (await ClaimAsync()).ShouldHaveSingleItem().IsProbe.ShouldBeFalse();
    }

    [Fact]
    public async Task Who_waits_is_woken_by_the_token()
    {
        await LimitedAsync(2, 10);
        (await ClaimAsync()).Count.ShouldBe(2);

        // What waits is not looked at over and over again, though it is due.
        var waiting = await BeginWaitAsync();
        Time.Advance(TimeSpan.FromMilliseconds(260));

        await waiting.WaitAsync(Patience, Cancellation);
        (await ClaimAsync()).ShouldHaveSingleItem();
    }

    private async Task<(TenantId Tenant, Subscriber Subscriber)> LimitedAsync(double rate, int waiting)
    {
        var tenant = await NewTenantAsync();
        var subscriber = await SubscribeAsync(tenant, SettingsOf("*") with { RateLimitPerSecond = rate });
        await AppendManyAsync(tenant, waiting);
        return (tenant, subscriber);
    }

    private Task<Subscriber?> ChangeRateAsync(TenantId tenant, Subscriber subscriber, double? rate) =>
        Store.Subscribers.UpdateAsync(
            tenant, subscriber.Id, settings => settings with { RateLimitPerSecond = rate }, Cancellation);

    // Claims of random sizes at random times, and what was claimed is delivered.
    private async Task<List<DateTimeOffset>> RunAsync(List<IDeliveryQueue> nodes, TimeSpan length, int seed)
    {
        var random = new Random(seed);
        var claims = new List<DateTimeOffset>();
        var none = new Dictionary<SubscriberId, int>();
        for (var end = Now + length; Now < end; Time.Advance(TimeSpan.FromMilliseconds(random.Next(10, 200))))
        {
            var slots = random.Next(1, 60);
            var request = new ClaimRequest(slots, slots, none, LeaseDuration);
            var leases = await nodes[random.Next(nodes.Count)].ClaimAsync(request, Cancellation);
            claims.AddRange(leases.Select(_ => Now));
            if (leases.Count > 0)
                await Store.Deliveries.SettleAsync([.. leases.Select(lease => DeliveredOf(lease))], Cancellation);
        }

        return claims;
    }

    private void ShouldKeep(List<DateTimeOffset> claims, double rate)
    {
        var start = claims[0];
        for (var from = start; from <= Now - Window; from += TimeSpan.FromSeconds(1))
        {
            var count = claims.Count(at => at >= from && at < from + Window);
            ((double)count).ShouldBeLessThanOrEqualTo((1.05 * rate * 60) + Math.Max(1, rate), $"at {from - start}");
            // Less than one is not a request.
            ((double)count).ShouldBeGreaterThanOrEqualTo(Math.Floor(0.9 * rate * 60), $"at {from - start}");
        }
    }

    private async Task<int> PendingAsync(TenantId tenant) =>
        (await PagesAsync(tenant, DeliveryStatus.Pending)).Count;

    private Task<List<Delivery>> PagesAsync(TenantId tenant, DeliveryStatus? status = null) =>
        AllPagesAsync(100, page => Store.Deliveries.ListAsync(tenant, new DeliveryQuery { Status = status }, page, Cancellation));
}
