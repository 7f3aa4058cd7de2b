namespace Hookstream.Conformance.Deliveries;

/// <summary>What has failed waits in a lane of its own: a flood of it does not delay fresh events, and is not starved by them either.</summary>
public abstract class RetryLaneSuite : StoreSuite
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Fresh_events_do_not_wait_behind_due_retries_of_their_endpoint()
    {
        const int Slots = 20;
        var tenant = await NewTenantAsync();
        await FailAllAsync(tenant, await EndpointAsync(tenant), 1_000);
        Tick();
        await AppendManyAsync(tenant, 10);

        var claimed = new List<Lease>();
        while (claimed.Count < 2 * (10 + Slots))
            claimed.AddRange(await ClaimAsync(Slots));

        claimed.Count(lease => !lease.IsRetry).ShouldBe(10);
        claimed.Count(lease => lease.IsRetry).ShouldBeGreaterThan(10);
    }

    [Fact]
    public async Task Retries_have_their_turns_while_fresh_events_keep_coming()
    {
        var tenant = await NewTenantAsync();
        await FailAllAsync(tenant, await EndpointAsync(tenant), 200);

        var claimed = new List<Lease>();
        for (var round = 0; round < 30; round++)
        {
            await AppendManyAsync(tenant, 12);
            Tick();
            claimed.AddRange(await ClaimAsync(slots: 10));
        }

        claimed.Count.ShouldBe(300);
        claimed.Count(lease => lease.IsRetry).ShouldBeInRange(100, 200);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(40)]
    public async Task Endpoint_with_one_slot_is_sent_both_in_turn(int slots)
    {
        var tenant = await NewTenantAsync();
        var one = await EndpointAsync(tenant, "one.*");
        await FailAllAsync(tenant, one, 20, "one.x");
        for (var i = 0; i < 10; i++)
            await EndpointAsync(tenant, "other.*");
        await AppendAllAsync(tenant, 20, "one.x");
        await AppendAllAsync(tenant, 40, "other.x");
        Tick();

        var claimed = new List<Lease>();
        for (var round = 0; round < 20 || claimed.Count < 8; round++)
        {
            round.ShouldBeLessThan(200, "its turns never came");
            var leases = await ClaimAsync(slots, perEndpoint: 1);
            claimed.AddRange(leases.Where(lease => lease.Subscriber == one.Id));
            await SettleAsync([.. leases.Select(lease => DeliveredOf(lease))]);
            Tick();
        }

        claimed.Count(lease => lease.IsRetry).ShouldBeInRange(claimed.Count * 3 / 8, claimed.Count * 5 / 8);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(20)]
    public async Task Endpoint_with_a_rate_is_sent_both_in_turn(double rate)
    {
        var tenant = await NewTenantAsync();
        var endpoint = await SubscribeAsync(tenant, Patient("*") with { RateLimitPerSecond = rate });
        await AppendManyAsync(tenant, 200);
        while ((await CountOfRetriesAsync(tenant)) < 60)
        {
            await SettleAsync([.. (await ClaimAsync()).Select(lease => RetryOf(lease, TimeSpan.FromHours(1)))]);
            Time.Advance(TimeSpan.FromSeconds(2));
        }

        Time.Advance(TimeSpan.FromHours(1));
        var claimed = new List<Lease>();
        while (claimed.Count < 60)
        {
            claimed.AddRange(await ClaimAsync());
            Time.Advance(TimeSpan.FromMilliseconds(130));
        }

        claimed.ShouldAllBe(lease => lease.Subscriber == endpoint.Id);
        claimed.Count(lease => lease.IsRetry).ShouldBeInRange(20, 40);
    }

    [Fact]
    public async Task Claim_without_slots_for_retries_takes_first_attempts_only_and_the_next_takes_the_others()
    {
        const int Endpoints = 40;
        var tenant = await NewTenantAsync();
        await FailOneEachAsync(tenant, Endpoints, EventPriority.High);
        await AppendAllAsync(tenant, 1, "some.x");
        Tick();

        var fresh = await ClaimWithAsync(retries: 0);
        (await ClaimWithAsync(retries: 0)).ShouldBeEmpty();
        var few = await ClaimWithAsync(retries: 7);
        var later = await ClaimAsync();

        fresh.Count.ShouldBe(Endpoints);
        fresh.ShouldAllBe(lease => !lease.IsRetry);
        few.Count.ShouldBe(7);
        later.Count.ShouldBe(Endpoints - 7);
        few.Concat(later).ShouldAllBe(lease => lease.IsRetry);
        few.Concat(later).Select(lease => lease.Delivery).ShouldBeUnique();
    }

    [Fact]
    public async Task Retries_that_were_kept_out_keep_tenants_in_turn()
    {
        var many = await NewTenantAsync("many");
        await FailOneEachAsync(many, 40);
        var one = await NewTenantAsync("one");
        await FailAllAsync(one, await EndpointAsync(one), 10);
        (await ClaimWithAsync(retries: 0)).ShouldBeEmpty();

        var claimed = new List<Lease>();
        for (var round = 0; round < 8; round++)
        {
            claimed.AddRange(await ClaimWithAsync(retries: 2));
            (await ClaimWithAsync(retries: 0)).ShouldBeEmpty();
        }

        claimed.Count.ShouldBe(16);
        claimed.Count(lease => lease.Tenant == one).ShouldBeInRange(5, 10);
    }

    [Fact]
    public async Task Retry_that_was_kept_out_waits_for_its_endpoint_too()
    {
        var tenant = await NewTenantAsync();
        var endpoint = await EndpointAsync(tenant);
        await FailAllAsync(tenant, endpoint, 2);
        (await ClaimWithAsync(retries: 0)).ShouldBeEmpty();
        await Store.Subscribers.SetPausedAsync(tenant, endpoint.Id, true, Cancellation);
        (await ClaimAsync()).ShouldBeEmpty();
        (await ClaimWithAsync(retries: 0)).ShouldBeEmpty();

        await Store.Subscribers.SetPausedAsync(tenant, endpoint.Id, false, Cancellation);

        (await ClaimWithAsync(retries: 0)).ShouldBeEmpty();
        (await ClaimAsync()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Probe_needs_no_slot_for_retries()
    {
        var cooldown = TimeSpan.FromMinutes(10);
        var tenant = await NewTenantAsync();
        await FailOneEachAsync(tenant, 3);
        var failing = await SubscribeAsync(
            tenant, SettingsOf("order.*") with { CircuitThreshold = 2, CircuitCooldown = cooldown });
        await AppendManyAsync(tenant, 2);
        Tick();
        var fresh = await ClaimWithAsync(retries: 0);
        fresh.Count.ShouldBe(2);
        await SettleAsync(RetryOf(fresh[0], Wait));
        Time.Advance(Wait);
        (await ClaimWithAsync(retries: 0)).ShouldBeEmpty("it is one of many retries as yet");
        await SettleAsync(RetryOf(fresh[1], Wait));
        Time.Advance(cooldown - Wait);
        (await ClaimWithAsync(retries: 0)).ShouldBeEmpty();

        Time.Advance(Wait);

        var probe = (await ClaimWithAsync(retries: 0)).ShouldHaveSingleItem();
        probe.Subscriber.ShouldBe(failing.Id);
        probe.IsProbe.ShouldBeTrue();
        (await ClaimWithAsync(retries: 0)).ShouldBeEmpty();
        var gate = (await Store.Subscribers.FindAsync(tenant, failing.Id, Cancellation))!.Gate;
        await SettleAsync(DeliveredOf(probe) with { CircuitEpoch = gate.Circuit.Epoch });
        (await ClaimWithAsync(retries: 0)).ShouldBeEmpty("its circuit has closed");
        (await ClaimAsync()).Count.ShouldBe(4);
    }

    [Fact]
    public async Task Retries_that_were_kept_out_of_a_claim_end_no_wait()
    {
        var tenant = await NewTenantAsync();
        await FailOneEachAsync(tenant, 3);

        for (var i = 0; i < 50; i++)
        {
            (await ClaimWithAsync(retries: 0)).ShouldBeEmpty();
            var wait = Store.Queue.WaitAsync(Cancellation);
            await Task.WhenAny(wait, Task.Delay(TimeSpan.FromMilliseconds(20), Cancellation));
            if (!wait.IsCompleted)
            {
                Time.Advance(TimeSpan.FromSeconds(2));
                await wait.WaitAsync(Patience, Cancellation);
                (await ClaimAsync()).Count.ShouldBe(3);
                return;
            }

            await wait;
        }

        Assert.Fail("the wait ended 50 times although nothing happened: a worker would spin");
    }

    [Fact]
    public async Task Retry_keeps_its_priority()
    {
        var tenant = await NewTenantAsync();
        var endpoint = await EndpointAsync(tenant);
        await AppendAsync(tenant, priority: EventPriority.High);
        var high = await ClaimOneAsync();
        await SettleAsync(RetryOf(high, Wait));
        await FailAllAsync(tenant, endpoint, 1);
        await AppendAsync(tenant, priority: EventPriority.Low);
        Time.Advance(Wait);
        await AppendAsync(tenant);

        var order = new List<Lease>();
        for (var i = 0; i < 4; i++)
            order.Add(await ClaimOneAsync());

        order[0].Delivery.ShouldBe(high.Delivery);
        order[0].IsRetry.ShouldBeTrue();
        order.Skip(1).Take(2).Count(lease => lease.IsRetry).ShouldBe(1);
        (await LoadOneAsync(order[3])).Failures.ShouldBe(0);
        order[3].IsRetry.ShouldBeFalse();
    }

    [Fact]
    public async Task Replayed_delivery_is_a_first_attempt_again()
    {
        var tenant = await NewTenantAsync();
        var (_, delivery) = await DeliverableAsync(tenant, Patient("*"));
        await SettleAsync(RetryOf(await ClaimOneAsync(), Wait));
        await Store.Deliveries.ReplayAsync(tenant, delivery.Id, Cancellation);
        var waiting = await ClaimOneAsync();
        await SettleAsync(RetryOf(waiting, Wait, 2));
        Time.Advance(Wait);
        var failed = await ClaimOneAsync();
        await SettleAsync(DeadLetterOf(failed, 3));
        await Store.Deliveries.ReplayAsync(tenant, delivery.Id, Cancellation);
        var ended = await ClaimOneAsync();
        await SettleAsync(DeadLetterOf(ended, 4));
        await Store.Deliveries.ReplayAllAsync(tenant, new DeliveryQuery(DeliveryStatus.DeadLetter), false, Cancellation);
        await RunBacklogToTheEndAsync();
        var inBulk = await ClaimOneAsync();
        await SettleAsync(RetryOf(inBulk, Wait, 5));
        Time.Advance(Wait);
        var failedInBulk = await ClaimOneAsync();

        new[] { waiting, failed, ended, inBulk, failedInBulk }.ShouldAllBe(lease => lease.Delivery == delivery.Id);
        new[] { waiting, ended, inBulk }.ShouldAllBe(lease => !lease.IsRetry);
        new[] { failed, failedInBulk }.ShouldAllBe(lease => lease.IsRetry);
    }

    [Fact]
    public async Task Bulk_replay_that_has_failed_waits_behind_fresh_events_and_goes_by_its_priority_when_replayed()
    {
        var tenant = await NewTenantAsync();
        var (_, delivery) = await DeliverableAsync(tenant, Patient("*"));
        await SettleAsync(DeadLetterOf(await ClaimOneAsync()));
        await Store.Deliveries.ReplayAllAsync(tenant, new DeliveryQuery(DeliveryStatus.DeadLetter), false, Cancellation);
        await RunBacklogToTheEndAsync();
        await SettleAsync(RetryOf(await ClaimOneAsync(), Wait, 2));
        Time.Advance(Wait);
        await AppendAsync(tenant, priority: EventPriority.Low);

        (await ClaimOneAsync()).Delivery.ShouldNotBe(delivery.Id);
        await Store.Deliveries.ReplayAsync(tenant, delivery.Id, Cancellation);
        Tick();
        await AppendAsync(tenant, priority: EventPriority.Low);

        (await ClaimOneAsync()).Delivery.ShouldBe(delivery.Id);
    }

    [Fact]
    public async Task What_is_given_back_stays_in_the_lane_that_it_was_in()
    {
        var tenant = await NewTenantAsync();
        await EndpointAsync(tenant);
        await AppendAsync(tenant);
        var first = await ClaimOneAsync();
        await Store.Queue.ReleaseAsync([first], Cancellation);
        var again = await ClaimOneAsync();
        await SettleAsync(new Settlement { Lease = again, Disposition = Disposition.Release });
        var interrupted = await ClaimOneAsync();
        await SettleAsync(RetryOf(interrupted, Wait));
        Time.Advance(Wait);
        var retry = await ClaimOneAsync();
        await Store.Queue.ReleaseAsync([retry], Cancellation);
        var released = await ClaimOneAsync();
        await SettleAsync(new Settlement { Lease = released, Disposition = Disposition.Release });
        var settled = await ClaimOneAsync();
        Time.Advance(LeaseDuration + TimeSpan.FromSeconds(1));
        var lost = await ClaimOneAsync();

        new[] { first, again, interrupted }.ShouldAllBe(lease => !lease.IsRetry);
        new[] { retry, released, settled, lost }.ShouldAllBe(lease => lease.IsRetry);
    }

    [Fact]
    public async Task Retry_is_one_after_a_restart_too()
    {
        var tenant = await NewTenantAsync();
        await FailAllAsync(tenant, await EndpointAsync(tenant), 3);
        await AppendManyAsync(tenant, 2);

        await ReopenAfterLeasesAsync();

        var leases = await ClaimAsync();
        leases.Count(lease => lease.IsRetry).ShouldBe(3);
        leases.Count.ShouldBe(5);
    }

    // Its circuit stays closed whatever fails.
    private static SubscriberSettings Patient(params string[] filters) =>
        SettingsOf(filters) with { CircuitThreshold = 1_000_000 };

    private Task<Subscriber> EndpointAsync(TenantId tenant, params string[] filters) =>
        SubscribeAsync(tenant, Patient(filters.Length == 0 ? ["*"] : filters));

    private async Task AppendAllAsync(TenantId tenant, int count, string type, EventPriority priority = EventPriority.Normal) =>
        await Store.Events.AppendAsync(
            [.. Enumerable.Range(0, count).Select(_ => NewEventOf(tenant, type, priority: priority))], Cancellation);

    // Everything that is due fails, and is due again.
    private async Task FailAllAsync(TenantId tenant, Subscriber endpoint, int count, string type = "order.paid")
    {
        foreach (var chunk in Enumerable.Range(0, count).Chunk(500))
            await AppendAllAsync(tenant, chunk.Length, type);
        var failed = await SettleAllDueAsync(lease => RetryOf(lease, Wait));
        failed.Count(lease => lease.Subscriber == endpoint.Id).ShouldBe(count);
        Time.Advance(Wait);
    }

    private async Task FailOneEachAsync(TenantId tenant, int endpoints, EventPriority priority = EventPriority.Normal)
    {
        for (var i = 0; i < endpoints; i++)
            await EndpointAsync(tenant, "some.*");
        await AppendAllAsync(tenant, 1, "some.x", priority);
        (await SettleAllDueAsync(lease => RetryOf(lease, Wait))).Count.ShouldBe(endpoints);
        Time.Advance(Wait);
    }

    private async Task<int> CountOfRetriesAsync(TenantId tenant) =>
        (await AllPagesAsync(100, page => Store.Deliveries.ListAsync(
            tenant, new DeliveryQuery(DeliveryStatus.Failed), page, Cancellation))).Count;

    private Task<IReadOnlyList<Lease>> ClaimWithAsync(int retries) =>
        Store.Queue.ClaimAsync(
            new ClaimRequest(100, 100, new Dictionary<SubscriberId, int>(), LeaseDuration) { RetrySlots = retries }, Cancellation);
}
