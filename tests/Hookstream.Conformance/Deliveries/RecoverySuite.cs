using Hookstream.Core.Recoveries;

namespace Hookstream.Conformance.Deliveries;

/// <summary>
/// An endpoint gets what it failed to get and what it never got, of a window of time that is fixed when it is accepted, behind
/// fresh events; and each event once.
/// </summary>
public abstract class RecoverySuite : StoreSuite
{
    [Fact]
    public async Task Recovery_replays_what_was_dead_lettered_and_sends_what_was_never_sent()
    {
        var tenant = await NewTenantAsync();
        var since = Now;
        var before = await AppendAsync(tenant);
        Tick();
        var subscriber = await SubscribeAsync(tenant);
        await AppendManyAsync(tenant, 3);
        var dead = (await SettleAllDueAsync(lease => DeadLetterOf(lease))).Select(lease => lease.Delivery).ToList();
        await AppendManyAsync(tenant, 2);
        await SettleAllDueAsync(lease => DeliveredOf(lease));
        Tick();

        var result = await RecoverAsync(tenant, subscriber, since);
        await RunBacklogToTheEndAsync();

        result.ShouldBe(new RecoveryResult(RecoveryOutcome.Accepted, 4));
        var leases = await ClaimAsync();
        leases.ShouldAllBe(lease => lease.Subscriber == subscriber.Id);
        var works = await Store.Deliveries.LoadAsync(leases, Cancellation);
        works.Count.ShouldBe(4);
        works.ShouldAllBe(work => work.Trigger == AttemptTrigger.Replay && work.Failures == 0);
        works.Where(work => work.AttemptCount == 1).Select(work => work.Lease.Delivery).ShouldBe(dead, ignoreOrder: true);
        works.Single(work => work.AttemptCount == 0).Event.ShouldBe(before.Id);
    }

    [Fact]
    public async Task Recovery_sends_what_was_not_matched_while_the_endpoint_was_disabled_and_what_its_disabling_cancelled()
    {
        var tenant = await NewTenantAsync();
        var since = Now;
        var subscriber = await SubscribeAsync(tenant);
        await AppendManyAsync(tenant, 3);
        await SettleAsync(GoneOf(await ClaimOneAsync()));
        await RunBacklogToTheEndAsync();
        Tick();
        await AppendManyAsync(tenant, 2);
        await Store.Subscribers.SetPausedAsync(tenant, subscriber.Id, false, Cancellation);
        Tick();

        var result = await RecoverAsync(tenant, subscriber, since);
        await RunBacklogToTheEndAsync();

        result.Count.ShouldBe(5);
        (await ClaimAsync()).Count.ShouldBe(5);
    }

    [Fact]
    public async Task Recovery_leaves_what_a_person_cancelled()
    {
        var tenant = await NewTenantAsync();
        var since = Now;
        var (subscriber, delivery) = await DeliverableAsync(tenant);
        await Store.Deliveries.CancelAsync(tenant, delivery.Id, Cancellation);
        Tick();

        (await RecoverAsync(tenant, subscriber, since)).ShouldBe(new RecoveryResult(RecoveryOutcome.Accepted, 0));
        await RunBacklogToTheEndAsync();

        (await ReadAsync(tenant, delivery.Id)).Delivery.Status.ShouldBe(DeliveryStatus.Cancelled);
    }

    [Fact]
    public async Task Window_is_of_the_events_and_has_its_end_left_out()
    {
        var tenant = await NewTenantAsync();
        var early = await AppendAsync(tenant);
        Tick();
        var since = Now;
        var first = await AppendAsync(tenant);
        Tick();
        var last = await AppendAsync(tenant);
        Tick();
        var until = Now;
        var after = await AppendAsync(tenant);
        Tick();
        var subscriber = await SubscribeAsync(tenant);

        (await RecoverAsync(tenant, subscriber, since, until)).Count.ShouldBe(2);
        await RunBacklogToTheEndAsync();

        (await EventsDueAsync()).ShouldBe([first.Id, last.Id], ignoreOrder: true);
        foreach (var outside in (EventId[])[early.Id, after.Id])
            (await Store.Deliveries.OfEventAsync(tenant, outside, Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Times_finer_than_a_millisecond_bound_the_window_as_they_say()
    {
        var tenant = await NewTenantAsync();
        await AppendAsync(tenant);
        var first = Now;
        Tick();
        var second = await AppendAsync(tenant);
        var last = Now;
        Tick();
        var subscriber = await SubscribeAsync(tenant);

        (await RecoverAsync(tenant, subscriber, first.AddTicks(1), last)).Count.ShouldBe(0);
        (await RecoverAsync(tenant, subscriber, first.AddTicks(1), last.AddTicks(1))).Count.ShouldBe(1);
        await RunBacklogToTheEndAsync();

        (await EventsDueAsync()).ShouldBe([second.Id]);
    }

    [Fact]
    public async Task Window_as_wide_as_time_itself_is_one_up_to_now()
    {
        var tenant = await NewTenantAsync();
        await AppendAsync(tenant);
        Tick();
        var subscriber = await SubscribeAsync(tenant);

        (await RecoverAsync(tenant, subscriber, DateTimeOffset.MinValue, DateTimeOffset.MaxValue)).Count.ShouldBe(1);
        (await RecoverAsync(tenant, subscriber, DateTimeOffset.MaxValue)).Count.ShouldBe(0);
        await RunBacklogToTheEndAsync();

        (await ClaimAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Set_is_fixed_at_acceptance()
    {
        var tenant = await NewTenantAsync();
        var since = Now;
        var before = await AppendAsync(tenant, "order.paid");
        await AppendAsync(tenant, "invoice.sent");
        Tick();
        var subscriber = await SubscribeAsync(tenant, "order.*");
        var late = await AppendAsync(tenant, "order.sent");
        Tick();
        (await RecoverAsync(tenant, subscriber, since)).Count.ShouldBe(1);
        Tick();
        await Store.Subscribers.UpdateAsync(
            tenant, subscriber.Id, settings => settings with { Events = [FilterOf("invoice.*")] }, Cancellation);
        var dead = (await SettleAllDueAsync(lease => DeadLetterOf(lease))).ShouldHaveSingleItem();
        await AppendAsync(tenant, "order.paid");

        await RunBacklogToTheEndAsync();

        (await EventsDueAsync()).ShouldBe([before.Id]);
        var failed = (await ReadAsync(tenant, dead.Delivery)).Delivery;
        failed.Event.ShouldBe(late.Id);
        failed.Status.ShouldBe(DeliveryStatus.DeadLetter);
    }

    [Fact]
    public async Task Only_what_the_filter_matches_is_sent_and_operational_events_only_to_who_names_them()
    {
        var tenant = await NewTenantAsync();
        var since = Now;
        var paid = await AppendAsync(tenant, "order.paid");
        await AppendAsync(tenant, "order");
        await AppendAsync(tenant, "orders.paid");
        await AppendAsync(tenant, "Order.paid");
        var operational = await AppendAsync(tenant, "hookstream.endpoint.disabled");
        Tick();
        var orders = await SubscribeAsync(tenant, "order.*");
        var all = await SubscribeAsync(tenant, "*");
        var operations = await SubscribeAsync(tenant, "hookstream.*");

        (await RecoverAsync(tenant, orders, since)).Count.ShouldBe(1);
        (await RecoverAsync(tenant, all, since)).Count.ShouldBe(4);
        (await RecoverAsync(tenant, operations, since)).Count.ShouldBe(1);
        await RunBacklogToTheEndAsync();

        var works = await Store.Deliveries.LoadAsync(await ClaimAsync(), Cancellation);
        works.Single(work => work.Lease.Subscriber == orders.Id).Event.ShouldBe(paid.Id);
        works.Single(work => work.Lease.Subscriber == operations.Id).Event.ShouldBe(operational.Id);
        works.Count(work => work.Lease.Subscriber == all.Id).ShouldBe(4);
        works.ShouldNotContain(work => work.Lease.Subscriber == all.Id && work.Event == operational.Id);
    }

    [Fact]
    public async Task Dead_letter_is_replayed_whatever_the_filter_is_by_now()
    {
        var tenant = await NewTenantAsync();
        var since = Now;
        var (subscriber, delivery) = await DeliverableAsync(tenant);
        await SettleAllDueAsync(lease => DeadLetterOf(lease));
        await Store.Subscribers.UpdateAsync(
            tenant, subscriber.Id, settings => settings with { Events = [FilterOf("invoice.*")] }, Cancellation);
        Tick();

        (await RecoverAsync(tenant, subscriber, since)).Count.ShouldBe(1);
        await RunBacklogToTheEndAsync();

        (await ClaimAsync()).ShouldHaveSingleItem().Delivery.ShouldBe(delivery.Id);
    }

    [Fact]
    public async Task Events_older_than_what_retention_keeps_are_replayed_and_not_sent_anew()
    {
        var tenant = await NewTenantAsync();
        var since = Now;
        await AppendAsync(tenant);
        Tick();
        var (subscriber, dead) = await DeliverableAsync(tenant);
        await SettleAllDueAsync(lease => DeadLetterOf(lease));
        Tick();
        var missedSince = Now;
        Tick();

        (await RecoverAsync(tenant, subscriber, since, missedSince: missedSince)).Count.ShouldBe(1);
        await RunBacklogToTheEndAsync();

        (await ClaimAsync()).ShouldHaveSingleItem().Delivery.ShouldBe(dead.Id);
    }

    [Fact]
    public async Task Recovery_twice_sends_each_event_once()
    {
        var tenant = await NewTenantAsync();
        var since = Now;
        await AppendManyAsync(tenant, 600);
        Tick();
        var subscriber = await SubscribeAsync(tenant);
        await AppendManyAsync(tenant, 600);
        await SettleAllDueAsync(lease => DeadLetterOf(lease));
        Tick();

        (await RecoverAsync(tenant, subscriber, since)).Count.ShouldBe(1_200);
        await Store.Maintenance.RunBacklogAsync(Cancellation);
        await RecoverAsync(tenant, subscriber, since);
        await RunBacklogToTheEndAsync();

        var leases = await ClaimAsync(slots: 5_000, perEndpoint: 5_000);
        leases.Count.ShouldBe(1_200);
        (await Store.Deliveries.LoadAsync(leases, Cancellation)).Select(work => work.Event).Distinct().Count().ShouldBe(1_200);
        Tick();
        (await RecoverAsync(tenant, subscriber, since)).ShouldBe(new RecoveryResult(RecoveryOutcome.Accepted, 0));
    }

    [Fact]
    public async Task What_waits_or_is_delivered_is_left_alone()
    {
        var tenant = await NewTenantAsync();
        var since = Now;
        var (subscriber, delivered) = await DeliverableAsync(tenant);
        await SettleAllDueAsync(lease => DeliveredOf(lease));
        var retried = (await AppendAsync(tenant)).Id;
        await SettleAsync(RetryOf(await ClaimOneAsync(), TimeSpan.FromMinutes(5)));
        var inFlight = await AppendAsync(tenant);
        var lease = await ClaimOneAsync();
        Tick();

        (await RecoverAsync(tenant, subscriber, since)).Count.ShouldBe(0);
        await RunBacklogToTheEndAsync();

        (await ClaimAsync()).ShouldBeEmpty();
        (await StatusAsync(tenant, delivered.Event)).ShouldBe(DeliveryStatus.Delivered);
        (await StatusAsync(tenant, retried)).ShouldBe(DeliveryStatus.Failed);
        await SettleAsync(DeliveredOf(lease));
        (await StatusAsync(tenant, inFlight.Id)).ShouldBe(DeliveryStatus.Delivered);
    }

    [Fact]
    public async Task One_that_was_replayed_cancelled_or_sent_meanwhile_is_left_alone()
    {
        var tenant = await NewTenantAsync();
        var since = Now;
        var never = await AppendAsync(tenant);
        Tick();
        var subscriber = await SubscribeAsync(tenant);
        await AppendManyAsync(tenant, 3);
        var dead = (await SettleAllDueAsync(lease => DeadLetterOf(lease))).Select(lease => lease.Delivery).ToList();
        Tick();
        (await RecoverAsync(tenant, subscriber, since)).Count.ShouldBe(4);
        Tick();
        await Store.Deliveries.CancelAsync(tenant, dead[0], Cancellation);
        await Store.Deliveries.ReplayAsync(tenant, dead[1], Cancellation);
        await Store.Events.ReplayAsync(tenant, never.Id, subscriber.Id, Cancellation);
        await SettleAllDueAsync(lease => DeliveredOf(lease, lease.Delivery == dead[1] ? 2 : 1));

        await RunBacklogToTheEndAsync();

        (await ClaimAsync()).ShouldHaveSingleItem().Delivery.ShouldBe(dead[2]);
        (await ReadAsync(tenant, dead[0])).Delivery.Status.ShouldBe(DeliveryStatus.Cancelled);
        (await ReadAsync(tenant, dead[1])).Delivery.Status.ShouldBe(DeliveryStatus.Delivered);
        (await StatusAsync(tenant, never.Id)).ShouldBe(DeliveryStatus.Delivered);
    }

    [Fact]
    public async Task Recovery_cut_off_in_the_middle_goes_on_after_a_restart()
    {
        var tenant = await NewTenantAsync();
        var since = Now;
        await AppendManyAsync(tenant, 2_600);
        Tick();
        var subscriber = await SubscribeAsync(tenant);
        (await RecoverAsync(tenant, subscriber, since)).Count.ShouldBe(2_600);
        (await Store.Maintenance.RunBacklogAsync(Cancellation)).ShouldBeTrue();

        await Store.ReopenAsync();
        await RunBacklogToTheEndAsync();

        var leases = await ClaimAsync(slots: 5_000, perEndpoint: 5_000);
        leases.Count.ShouldBe(2_600);
        leases.ShouldAllBe(lease => lease.Subscriber == subscriber.Id);
    }

    [Fact]
    public async Task Fresh_events_go_before_what_is_recovered()
    {
        var tenant = await NewTenantAsync();
        var since = Now;
        await AppendManyAsync(tenant, 20, EventPriority.High);
        Tick();
        var subscriber = await SubscribeAsync(tenant);
        await AppendManyAsync(tenant, 20, EventPriority.High);
        await SettleAllDueAsync(lease => DeadLetterOf(lease));
        Tick();
        await RecoverAsync(tenant, subscriber, since);
        await RunBacklogToTheEndAsync();
        Tick();
        var fresh = await AppendAsync(tenant, priority: EventPriority.Low);

        (await LoadOneAsync(await ClaimOneAsync())).Event.ShouldBe(fresh.Id);
        (await ClaimAsync()).Count.ShouldBe(40);
    }

    [Fact]
    public async Task Recovery_passes_no_hold()
    {
        var tenant = await NewTenantAsync();
        var since = Now;
        await AppendAsync(tenant);
        Tick();
        var subscriber = await SubscribeAsync(tenant);
        await Store.Subscribers.SetPausedAsync(tenant, subscriber.Id, true, Cancellation);

        (await RecoverAsync(tenant, subscriber, since)).Count.ShouldBe(1);
        await RunBacklogToTheEndAsync();

        (await ClaimAsync()).ShouldBeEmpty();
        await Store.Subscribers.SetPausedAsync(tenant, subscriber.Id, false, Cancellation);
        (await ClaimAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Recoveries_take_turns()
    {
        var tenant = await NewTenantAsync();
        var since = Now;
        await AppendManyAsync(tenant, 3_000);
        Tick();
        var many = await SubscribeAsync(tenant);
        var other = await NewTenantAsync("other");
        await AppendManyAsync(other, 2);
        Tick();
        var few = await SubscribeAsync(other);
        await RecoverAsync(tenant, many, since);
        await RecoverAsync(other, few, since);

        await Store.Maintenance.RunBacklogAsync(Cancellation);
        await Store.Maintenance.RunBacklogAsync(Cancellation);

        var leases = await ClaimAsync(slots: 5_000, perEndpoint: 5_000);
        leases.Count(lease => lease.Subscriber == few.Id).ShouldBe(2);
        leases.Count(lease => lease.Subscriber == many.Id).ShouldBeInRange(1, 2_999);
    }

    [Fact]
    public async Task Others_than_the_subscriber_get_nothing()
    {
        var tenant = await NewTenantAsync();
        var since = Now;
        var other = await SubscribeAsync(tenant);
        await AppendManyAsync(tenant, 3);
        await SettleAllDueAsync(lease => DeadLetterOf(lease));
        Tick();
        var subscriber = await SubscribeAsync(tenant);

        (await RecoverAsync(tenant, subscriber, since)).Count.ShouldBe(3);
        await RunBacklogToTheEndAsync();

        (await ClaimAsync()).ShouldAllBe(lease => lease.Subscriber == subscriber.Id && lease.Subscriber != other.Id);
    }

    [Fact]
    public async Task Subscriber_that_the_tenant_does_not_have_is_not_found()
    {
        var tenant = await NewTenantAsync("one");
        var other = await NewTenantAsync("other");
        var since = Now;
        await AppendAsync(tenant);
        await AppendAsync(other);
        Tick();
        var foreign = await SubscribeAsync(other);
        var deleted = await SubscribeAsync(tenant);
        await Store.Subscribers.DeleteAsync(tenant, deleted.Id, Cancellation);

        (await RecoverAsync(tenant, foreign, since)).ShouldBe(new RecoveryResult(RecoveryOutcome.NotFound, 0));
        (await RecoverAsync(tenant, deleted, since)).ShouldBe(new RecoveryResult(RecoveryOutcome.NotFound, 0));
        await RunBacklogToTheEndAsync();

        (await ClaimAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Subscriber_that_is_disabled_is_refused()
    {
        var tenant = await NewTenantAsync();
        var since = Now;
        var (subscriber, _) = await DeliverableAsync(tenant);
        await SettleAsync(GoneOf(await ClaimOneAsync()));
        await RunBacklogToTheEndAsync();
        Tick();

        (await RecoverAsync(tenant, subscriber, since)).ShouldBe(new RecoveryResult(RecoveryOutcome.Disabled, 0));
        (await Store.Maintenance.RunBacklogAsync(Cancellation)).ShouldBeFalse();
    }

    [Fact]
    public async Task Recovery_ends_when_its_subscriber_is_deleted_or_disabled()
    {
        var tenant = await NewTenantAsync();
        var since = Now;
        await AppendManyAsync(tenant, 1_500);
        Tick();
        var deleted = await SubscribeAsync(tenant);
        var gone = await SubscribeAsync(tenant);
        await RecoverAsync(tenant, deleted, since);
        await Store.Subscribers.DeleteAsync(tenant, deleted.Id, Cancellation);
        await RecoverAsync(tenant, gone, since);
        await AppendAsync(tenant);
        await SettleAsync(GoneOf(await ClaimOneAsync()));

        await RunBacklogToTheEndAsync();
        await Store.Subscribers.SetPausedAsync(tenant, gone.Id, false, Cancellation);
        await RunBacklogToTheEndAsync();

        (await ClaimAsync(slots: 5_000, perEndpoint: 5_000)).ShouldBeEmpty();
    }

    private Task<RecoveryResult> RecoverAsync(
        TenantId tenant, Subscriber subscriber, DateTimeOffset since, DateTimeOffset? until = null, DateTimeOffset? missedSince = null) =>
        Store.Deliveries.RecoverAsync(
            tenant, subscriber.Id, new RecoveryWindow(since, until, missedSince ?? since), Cancellation);

    private async Task<IReadOnlyList<EventId>> EventsDueAsync() =>
        [.. (await Store.Deliveries.LoadAsync(await ClaimAsync(), Cancellation)).Select(work => work.Event)];

    private async Task<DeliveryStatus> StatusAsync(TenantId tenant, EventId id) =>
        (await Store.Deliveries.OfEventAsync(tenant, id, Cancellation)).ShouldHaveSingleItem().Delivery.Status;
}
