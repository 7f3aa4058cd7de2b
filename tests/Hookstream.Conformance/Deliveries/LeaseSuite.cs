namespace Hookstream.Conformance.Deliveries;

/// <summary>A lease is the right to send, until it ends; a settle that comes after that changes nothing.</summary>
public abstract class LeaseSuite : StoreSuite
{
    [Fact]
    public async Task Lease_that_expired_makes_the_delivery_claimable_again()
    {
        var tenant = await NewTenantAsync();
        await DeliverableAsync(tenant);
        var first = (await ClaimAsync(lease: TimeSpan.FromSeconds(30))).ShouldHaveSingleItem();

        Time.Advance(TimeSpan.FromSeconds(29));
        (await ClaimAsync()).ShouldBeEmpty();
        Time.Advance(TimeSpan.FromSeconds(2));

        var second = (await ClaimAsync()).ShouldHaveSingleItem();
        second.Delivery.ShouldBe(first.Delivery);
        second.ShouldNotBe(first, "the two claims must be told apart");
    }

    [Fact]
    public async Task Settle_after_a_take_over_records_a_late_attempt_and_changes_nothing_else()
    {
        var tenant = await NewTenantAsync();
        await DeliverableAsync(tenant);
        var lost = (await ClaimAsync(lease: TimeSpan.FromSeconds(30))).ShouldHaveSingleItem();
        Time.Advance(TimeSpan.FromSeconds(31));
        var held = await ClaimOneAsync();

        await SettleAsync(DeadLetterOf(lost));

        var detail = await ReadAsync(tenant, lost.Delivery);
        detail.Delivery.Status.ShouldBe(DeliveryStatus.Pending);
        detail.Delivery.LastError.ShouldBeNull();
        detail.Delivery.FinishedAt.ShouldBeNull();
        detail.Attempts.ShouldHaveSingleItem().Late.ShouldBeTrue();

        await SettleAsync(DeliveredOf(held));
        detail = await ReadAsync(tenant, lost.Delivery);
        detail.Delivery.Status.ShouldBe(DeliveryStatus.Delivered);
        detail.Attempts.Count(attempt => !attempt.Late).ShouldBe(1);
        detail.Attempts.Count(attempt => attempt.Late).ShouldBe(1);
    }

    [Fact]
    public async Task Settle_after_the_one_that_took_over_records_a_late_attempt_and_changes_nothing_else()
    {
        var tenant = await NewTenantAsync();
        await DeliverableAsync(tenant);
        var lost = (await ClaimAsync(lease: TimeSpan.FromSeconds(30))).ShouldHaveSingleItem();
        Time.Advance(TimeSpan.FromSeconds(31));
        await SettleAsync(DeliveredOf(await ClaimOneAsync()));

        await SettleAsync(RetryOf(lost, TimeSpan.FromSeconds(1)));

        (await ReadAsync(tenant, lost.Delivery)).Delivery.Status.ShouldBe(DeliveryStatus.Delivered);
        Time.Advance(TimeSpan.FromMinutes(10));
        (await ClaimAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Settle_twice_under_one_lease_changes_nothing_the_second_time()
    {
        var tenant = await NewTenantAsync();
        await DeliverableAsync(tenant);
        var lease = await ClaimOneAsync();
        await SettleAsync(DeliveredOf(lease));

        await SettleAsync(DeadLetterOf(lease));

        (await ReadAsync(tenant, lease.Delivery)).Delivery.Status.ShouldBe(DeliveryStatus.Delivered);
    }

    [Fact]
    public async Task Late_settle_blocks_and_disables_no_endpoint()
    {
        var tenant = await NewTenantAsync();
        var (subscriber, _) = await DeliverableAsync(tenant);
        var lost = (await ClaimAsync(lease: TimeSpan.FromSeconds(30))).ShouldHaveSingleItem();
        Time.Advance(TimeSpan.FromSeconds(31));
        await SettleAsync(DeliveredOf(await ClaimOneAsync()));

        await SettleAsync(GoneOf(lost) with { BlockEndpointFor = TimeSpan.FromHours(1) });

        var found = await Store.Subscribers.FindAsync(tenant, subscriber.Id, Cancellation);
        found.ShouldNotBeNull().Gate.Status.ShouldBe(SubscriberStatus.Active);
        (await AppendAsync(tenant)).EnqueuedCount.ShouldBe(1);
        (await ClaimAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Late_settle_of_what_was_cancelled_with_its_endpoint_blocks_no_endpoint()
    {
        var tenant = await NewTenantAsync();
        var subscriber = await SubscribeAsync(tenant);
        await AppendManyAsync(tenant, 2);
        var leases = await ClaimAsync(lease: TimeSpan.FromSeconds(30));
        await SettleAsync(GoneOf(leases[0]));
        Time.Advance(TimeSpan.FromSeconds(31));
        await RunBacklogToTheEndAsync();

        await SettleAsync(RetryOf(leases[1], TimeSpan.FromSeconds(1)) with { BlockEndpointFor = TimeSpan.FromHours(1) });

        var detail = await ReadAsync(tenant, leases[1].Delivery);
        detail.Delivery.Status.ShouldBe(DeliveryStatus.Cancelled);
        detail.Attempts.ShouldHaveSingleItem().Late.ShouldBeTrue();
        await Store.Subscribers.SetPausedAsync(tenant, subscriber.Id, false, Cancellation);
        var fresh = await AppendAsync(tenant);
        (await LoadOneAsync(await ClaimOneAsync())).Event.ShouldBe(fresh.Id);
    }

    [Fact]
    public async Task Release_of_a_lost_lease_leaves_the_one_that_took_over()
    {
        var tenant = await NewTenantAsync();
        await DeliverableAsync(tenant);
        var lost = (await ClaimAsync(lease: TimeSpan.FromSeconds(30))).ShouldHaveSingleItem();
        Time.Advance(TimeSpan.FromSeconds(31));
        await ClaimOneAsync();

        await Store.Queue.ReleaseAsync([lost], Cancellation);

        (await ClaimAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Renew_lengthens_a_lease()
    {
        var tenant = await NewTenantAsync();
        await DeliverableAsync(tenant);
        var lease = (await ClaimAsync(lease: TimeSpan.FromSeconds(30))).ShouldHaveSingleItem();
        Time.Advance(TimeSpan.FromSeconds(20));

        var lost = await Store.Queue.RenewAsync([lease], TimeSpan.FromSeconds(30), Cancellation);

        lost.ShouldBeEmpty();
        Time.Advance(TimeSpan.FromSeconds(20));
        (await ClaimAsync()).ShouldBeEmpty();
        await SettleAsync(DeliveredOf(lease));
        (await ReadAsync(tenant, lease.Delivery)).Delivery.Status.ShouldBe(DeliveryStatus.Delivered);
    }

    [Fact]
    public async Task Renew_answers_those_that_are_held_by_another()
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);
        await AppendManyAsync(tenant, 2);
        var lost = (await ClaimAsync(slots: 1, lease: TimeSpan.FromSeconds(30))).ShouldHaveSingleItem();
        var kept = (await ClaimAsync(slots: 1, lease: TimeSpan.FromSeconds(300))).ShouldHaveSingleItem();
        Time.Advance(TimeSpan.FromSeconds(31));
        await ClaimOneAsync();

        (await Store.Queue.RenewAsync([lost, kept], LeaseDuration, Cancellation)).ShouldBe([lost]);
    }

    [Fact]
    public async Task Renew_answers_those_that_were_released_settled_or_replayed()
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);
        await AppendManyAsync(tenant, 3);
        var leases = await ClaimAsync(lease: TimeSpan.FromSeconds(30));
        leases.Count.ShouldBe(3);
        await Store.Queue.ReleaseAsync([leases[0]], Cancellation);
        await SettleAsync(DeliveredOf(leases[1]));
        Time.Advance(TimeSpan.FromSeconds(31));
        await Store.Deliveries.ReplayAsync(tenant, leases[2].Delivery, Cancellation);

        (await Store.Queue.RenewAsync([.. leases], LeaseDuration, Cancellation)).ShouldBe(leases, ignoreOrder: true);
    }

    [Fact]
    public async Task Release_makes_the_delivery_due_at_once_and_records_nothing()
    {
        var tenant = await NewTenantAsync();
        await DeliverableAsync(tenant);
        var lease = await ClaimOneAsync();

        await Store.Queue.ReleaseAsync([lease], Cancellation);

        var again = await ClaimOneAsync();
        again.Delivery.ShouldBe(lease.Delivery);
        var detail = await ReadAsync(tenant, lease.Delivery);
        detail.Attempts.ShouldBeEmpty();
        detail.Delivery.AttemptCount.ShouldBe(0);
        detail.Delivery.Status.ShouldBe(DeliveryStatus.Pending);
        (await LoadOneAsync(again)).Failures.ShouldBe(0);
    }

    [Fact]
    public async Task Claimed_delivery_is_not_claimed_again_when_its_endpoint_gets_more_work()
    {
        var tenant = await NewTenantAsync();
        await DeliverableAsync(tenant);
        var first = await ClaimOneAsync();
        await AppendManyAsync(tenant, 5);

        var more = await ClaimAsync();

        more.Count.ShouldBe(5);
        more.ShouldAllBe(lease => lease.Delivery != first.Delivery);
    }

    [Fact]
    public async Task Load_leaves_out_what_has_moved_on_from_its_lease()
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);
        await AppendManyAsync(tenant, 3);
        var leases = await ClaimAsync(lease: TimeSpan.FromSeconds(30));
        await SettleAsync(DeliveredOf(leases[0]));
        Time.Advance(TimeSpan.FromSeconds(31));
        await Store.Deliveries.CancelAsync(tenant, leases[1].Delivery, Cancellation);

        var works = await Store.Deliveries.LoadAsync(leases, Cancellation);

        works.Select(work => work.Lease.Delivery).ShouldNotContain(leases[0].Delivery);
        works.Select(work => work.Lease.Delivery).ShouldNotContain(leases[1].Delivery);
    }

    [Fact]
    public async Task Lease_of_the_process_before_settles_late_after_a_take_over()
    {
        var tenant = await NewTenantAsync();
        await DeliverableAsync(tenant);
        var lost = await ClaimOneAsync();
        await ReopenAfterLeasesAsync();
        var held = await ClaimOneAsync();
        held.Delivery.ShouldBe(lost.Delivery);

        await SettleAsync(DeliveredOf(held));

        await SettleAsync(DeadLetterOf(lost));
        (await ReadAsync(tenant, held.Delivery)).Delivery.Status.ShouldBe(DeliveryStatus.Delivered);
    }
}
