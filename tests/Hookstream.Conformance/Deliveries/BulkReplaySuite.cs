namespace Hookstream.Conformance.Deliveries;

/// <summary>Many deliveries replayed at once: the set is fixed when it is accepted, and the work is done behind fresh events.</summary>
public abstract class BulkReplaySuite : StoreSuite
{
    private static readonly DeliveryQuery DeadLetters = new(DeliveryStatus.DeadLetter);

    [Fact]
    public async Task Bulk_replay_makes_all_that_match_due_again()
    {
        var tenant = await NewTenantAsync();
        var dead = await DeadLetteredAsync(tenant, 250);

        var count = await Store.Deliveries.ReplayAllAsync(tenant, DeadLetters, false, Cancellation);
        await RunBacklogToTheEndAsync();

        count.ShouldBe(250);
        var leases = await ClaimAsync(slots: 500, perEndpoint: 500);
        leases.Select(lease => lease.Delivery).ShouldBe(dead, ignoreOrder: true);
        var works = await Store.Deliveries.LoadAsync(leases, Cancellation);
        works.ShouldAllBe(work => work.Trigger == AttemptTrigger.Replay && work.Failures == 0 && work.AttemptCount == 1);
    }

    [Fact]
    public async Task Dry_run_counts_and_changes_nothing()
    {
        var tenant = await NewTenantAsync();
        await DeadLetteredAsync(tenant, 30);

        (await Store.Deliveries.ReplayAllAsync(tenant, DeadLetters, true, Cancellation)).ShouldBe(30);
        await RunBacklogToTheEndAsync();

        (await ClaimAsync()).ShouldBeEmpty();
        (await Store.Deliveries.ReplayAllAsync(tenant, DeadLetters, true, Cancellation)).ShouldBe(30);
    }

    [Fact]
    public async Task Set_is_fixed_at_acceptance()
    {
        var tenant = await NewTenantAsync();
        var dead = await DeadLetteredAsync(tenant, 20);
        Tick();
        await Store.Deliveries.ReplayAllAsync(tenant, DeadLetters, false, Cancellation);
        Tick();
        var later = await DeadLetteredAsync(tenant, 20, subscribe: false);

        await RunBacklogToTheEndAsync();

        (await ClaimAsync()).Select(lease => lease.Delivery).ShouldBe(dead, ignoreOrder: true);
        foreach (var id in later)
            (await ReadAsync(tenant, id)).Delivery.Status.ShouldBe(DeliveryStatus.DeadLetter);
    }

    [Fact]
    public async Task One_that_is_dead_lettered_again_after_its_replay_is_not_replayed_twice()
    {
        var tenant = await NewTenantAsync();
        await DeadLetteredAsync(tenant, 30);
        await Store.Deliveries.ReplayAllAsync(tenant, DeadLetters, false, Cancellation);

        var attempts = 0;
        bool more;
        do
        {
            more = await Store.Maintenance.RunBacklogAsync(Cancellation);
            Tick();
            attempts += (await SettleAllDueAsync(lease => DeadLetterOf(lease, 2))).Count;
            attempts.ShouldBeLessThanOrEqualTo(30);
        }
        while (more);

        attempts.ShouldBe(30);
    }

    [Fact]
    public async Task One_that_was_replayed_or_cancelled_meanwhile_is_left_alone()
    {
        var tenant = await NewTenantAsync();
        var dead = await DeadLetteredAsync(tenant, 3);
        await Store.Deliveries.ReplayAllAsync(tenant, DeadLetters, false, Cancellation);
        await Store.Deliveries.CancelAsync(tenant, dead[0], Cancellation);
        await Store.Deliveries.ReplayAsync(tenant, dead[1], Cancellation);
        await SettleAsync(DeliveredOf((await ClaimAsync()).Single(lease => lease.Delivery == dead[1]), 2));

        await RunBacklogToTheEndAsync();

        (await ReadAsync(tenant, dead[0])).Delivery.Status.ShouldBe(DeliveryStatus.Cancelled);
        (await ReadAsync(tenant, dead[1])).Delivery.Status.ShouldBe(DeliveryStatus.Delivered);
        (await ReadAsync(tenant, dead[2])).Delivery.Status.ShouldBe(DeliveryStatus.Pending);
    }

    [Fact]
    public async Task Accepted_bulk_replay_outlives_a_restart()
    {
        var tenant = await NewTenantAsync();
        var dead = await DeadLetteredAsync(tenant, 40);
        await Store.Deliveries.ReplayAllAsync(tenant, DeadLetters, false, Cancellation);

        await Store.ReopenAsync();
        await RunBacklogToTheEndAsync();

        (await ClaimAsync()).Select(lease => lease.Delivery).ShouldBe(dead, ignoreOrder: true);
    }

    [Fact]
    public async Task Bulk_replay_cut_off_in_the_middle_goes_on_after_a_restart()
    {
        var tenant = await NewTenantAsync();
        var dead = await DeadLetteredAsync(tenant, 3_000);
        await Store.Deliveries.ReplayAllAsync(tenant, DeadLetters, false, Cancellation);
        await Store.Maintenance.RunBacklogAsync(Cancellation);

        await Store.ReopenAsync();
        await RunBacklogToTheEndAsync();

        var leases = await ClaimAsync(slots: 5_000, perEndpoint: 5_000);
        leases.Select(lease => lease.Delivery).ToHashSet().SetEquals(dead).ShouldBeTrue();
        leases.Count.ShouldBe(3_000);
    }

    [Fact]
    public async Task Fresh_events_go_before_what_is_replayed_in_bulk()
    {
        var tenant = await NewTenantAsync();
        await DeadLetteredAsync(tenant, 50);
        await Store.Deliveries.ReplayAllAsync(tenant, DeadLetters, false, Cancellation);
        await RunBacklogToTheEndAsync();
        Tick();
        var fresh = await AppendAsync(tenant, priority: EventPriority.Low);

        var work = await LoadOneAsync(await ClaimOneAsync());

        work.Event.ShouldBe(fresh.Id);
    }

    [Fact]
    public async Task Filters_narrow_what_is_replayed()
    {
        var tenant = await NewTenantAsync();
        var wanted = await SubscribeAsync(tenant, "a.*");
        await SubscribeAsync(tenant, "a.*");
        await Store.Events.AppendAsync(
            [NewEventOf(tenant, "a.x"), NewEventOf(tenant, "a.y"), NewEventOf(tenant, "a.x")], Cancellation);
        await SettleAllDueAsync(lease => DeadLetterOf(lease));
        Tick();
        var since = Now;
        await AppendAsync(tenant, "a.x");
        await SettleAllDueAsync(lease => DeadLetterOf(lease));

        (await CountAsync(DeadLetters)).ShouldBe(8);
        (await CountAsync(DeadLetters with { Subscriber = wanted.Id })).ShouldBe(4);
        (await CountAsync(DeadLetters with { EventType = TypeOf("a.y") })).ShouldBe(2);
        (await CountAsync(DeadLetters with { Since = since })).ShouldBe(2);
        (await CountAsync(DeadLetters with { Until = since, Subscriber = wanted.Id, EventType = TypeOf("a.x") })).ShouldBe(2);
        (await CountAsync(new DeliveryQuery(DeliveryStatus.Delivered))).ShouldBe(0);

        await Store.Deliveries.ReplayAllAsync(
            tenant, DeadLetters with { Subscriber = wanted.Id, EventType = TypeOf("a.x"), Since = since }, false, Cancellation);
        await RunBacklogToTheEndAsync();
        (await ClaimAsync()).ShouldHaveSingleItem().Subscriber.ShouldBe(wanted.Id);

        Task<long> CountAsync(DeliveryQuery query) => Store.Deliveries.ReplayAllAsync(tenant, query, true, Cancellation);
    }

    [Fact]
    public async Task Deliveries_of_deleted_subscribers_are_left_alone()
    {
        var tenant = await NewTenantAsync();
        var subscriber = await SubscribeAsync(tenant);
        await AppendManyAsync(tenant, 5);
        await SettleAllDueAsync(lease => DeadLetterOf(lease));
        await Store.Deliveries.ReplayAllAsync(tenant, DeadLetters, false, Cancellation);
        await Store.Subscribers.DeleteAsync(tenant, subscriber.Id, Cancellation);

        await RunBacklogToTheEndAsync();

        (await ClaimAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Deliveries_of_another_tenant_are_left_alone()
    {
        var tenant = await NewTenantAsync("one");
        var other = await NewTenantAsync("other");
        await DeadLetteredAsync(tenant, 5);

        (await Store.Deliveries.ReplayAllAsync(other, DeadLetters, false, Cancellation)).ShouldBe(0);
        await RunBacklogToTheEndAsync();

        (await ClaimAsync()).ShouldBeEmpty();
    }

    private async Task<IReadOnlyList<DeliveryId>> DeadLetteredAsync(TenantId tenant, int count, bool subscribe = true)
    {
        if (subscribe)
            await SubscribeAsync(tenant);
        await AppendManyAsync(tenant, count);
        var leases = await SettleAllDueAsync(lease => DeadLetterOf(lease));
        leases.Count.ShouldBe(count);
        return [.. leases.Select(lease => lease.Delivery)];
    }
}
