namespace Hookstream.Conformance.Deliveries;

/// <summary>A person can have a delivery made again: same id, a fresh schedule, attempt numbers that go on.</summary>
public abstract class ReplaySuite : StoreSuite
{
    [Fact]
    public async Task Replay_of_a_dead_letter_is_due_now_with_a_fresh_budget()
    {
        var tenant = await NewTenantAsync();
        var (_, delivery) = await DeliverableAsync(tenant);
        for (var number = 1; number <= 4; number++)
        {
            await SettleAsync(RetryOf(await ClaimOneAsync(), TimeSpan.FromSeconds(1), number));
            Time.Advance(TimeSpan.FromSeconds(1));
        }

        await SettleAsync(DeadLetterOf(await ClaimOneAsync(), 5));
        Time.Advance(TimeSpan.FromDays(10));

        var outcome = await Store.Deliveries.ReplayAsync(tenant, delivery.Id, Cancellation);

        outcome.Outcome.ShouldBe(ReplayOutcome.Accepted);
        var replayed = outcome.Delivery.ShouldNotBeNull();
        replayed.Id.ShouldBe(delivery.Id);
        replayed.Status.ShouldBe(DeliveryStatus.Pending);
        replayed.AttemptCount.ShouldBe(5);
        replayed.FinishedAt.ShouldBeNull();
        replayed.NextAttemptAt.ShouldBe(Now);
        var work = await LoadOneAsync(await ClaimOneAsync());
        work.Lease.Delivery.ShouldBe(delivery.Id);
        work.Event.ShouldBe(delivery.Event);
        work.AttemptCount.ShouldBe(5);
        work.Failures.ShouldBe(0);
        work.Trigger.ShouldBe(AttemptTrigger.Replay);
        work.WaitingSince.ShouldBe(Now);
        await SettleAsync(DeliveredOf(work.Lease, 6));
        (await ReadAsync(tenant, delivery.Id)).Attempts.Select(attempt => attempt.Number).ShouldBe([1, 2, 3, 4, 5, 6]);
    }

    [Fact]
    public async Task Replay_of_a_delivered_one_sends_it_again()
    {
        var tenant = await NewTenantAsync();
        var (_, delivery) = await DeliverableAsync(tenant);
        await SettleAsync(DeliveredOf(await ClaimOneAsync()));

        (await Store.Deliveries.ReplayAsync(tenant, delivery.Id, Cancellation)).Outcome.ShouldBe(ReplayOutcome.Accepted);

        (await ClaimOneAsync()).Delivery.ShouldBe(delivery.Id);
    }

    [Fact]
    public async Task Replay_of_a_cancelled_one_sends_it()
    {
        var tenant = await NewTenantAsync();
        var (_, delivery) = await DeliverableAsync(tenant);
        await Store.Deliveries.CancelAsync(tenant, delivery.Id, Cancellation);

        var outcome = await Store.Deliveries.ReplayAsync(tenant, delivery.Id, Cancellation);

        outcome.Outcome.ShouldBe(ReplayOutcome.Accepted);
        outcome.Delivery.ShouldNotBeNull().LastError.ShouldBeNull();
        (await ClaimOneAsync()).Delivery.ShouldBe(delivery.Id);
    }

    [Fact]
    public async Task Replay_of_a_pending_one_leaves_it_due_once()
    {
        var tenant = await NewTenantAsync();
        var (_, delivery) = await DeliverableAsync(tenant);

        (await Store.Deliveries.ReplayAsync(tenant, delivery.Id, Cancellation)).Outcome.ShouldBe(ReplayOutcome.Accepted);
        (await Store.Deliveries.ReplayAsync(tenant, delivery.Id, Cancellation)).Outcome.ShouldBe(ReplayOutcome.Accepted);

        (await ClaimAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Replay_of_a_failed_one_does_not_wait_for_its_retry()
    {
        var tenant = await NewTenantAsync();
        var (_, delivery) = await DeliverableAsync(tenant);
        await SettleAsync(RetryOf(await ClaimOneAsync(), TimeSpan.FromHours(2)));

        (await Store.Deliveries.ReplayAsync(tenant, delivery.Id, Cancellation)).Outcome.ShouldBe(ReplayOutcome.Accepted);

        var lease = (await ClaimAsync()).ShouldHaveSingleItem();
        (await LoadOneAsync(lease)).Failures.ShouldBe(0);
        await SettleAsync(DeliveredOf(lease, 2));
        Time.Advance(TimeSpan.FromHours(3));
        (await ClaimAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Replay_of_one_in_flight_is_refused_and_changes_nothing()
    {
        var tenant = await NewTenantAsync();
        var (_, delivery) = await DeliverableAsync(tenant);
        var lease = await ClaimOneAsync();

        (await Store.Deliveries.ReplayAsync(tenant, delivery.Id, Cancellation)).Outcome.ShouldBe(ReplayOutcome.InFlight);

        await SettleAsync(DeliveredOf(lease));
        var detail = await ReadAsync(tenant, delivery.Id);
        detail.Delivery.Status.ShouldBe(DeliveryStatus.Delivered);
        detail.Attempts.ShouldHaveSingleItem().Late.ShouldBeFalse();
    }

    [Fact]
    public async Task Replay_after_the_lease_expired_makes_its_settle_late()
    {
        var tenant = await NewTenantAsync();
        var (_, delivery) = await DeliverableAsync(tenant);
        var lost = (await ClaimAsync(lease: TimeSpan.FromSeconds(30))).ShouldHaveSingleItem();
        Time.Advance(TimeSpan.FromSeconds(31));
        (await Store.Deliveries.ReplayAsync(tenant, delivery.Id, Cancellation)).Outcome.ShouldBe(ReplayOutcome.Accepted);

        await SettleAsync(DeadLetterOf(lost));

        var detail = await ReadAsync(tenant, delivery.Id);
        detail.Delivery.Status.ShouldBe(DeliveryStatus.Pending);
        detail.Attempts.ShouldHaveSingleItem().Late.ShouldBeTrue();
        (await ClaimOneAsync()).Delivery.ShouldBe(delivery.Id);
    }

    [Fact]
    public async Task Replay_passes_no_shut_gate()
    {
        var tenant = await NewTenantAsync();
        var (subscriber, delivery) = await DeliverableAsync(tenant);
        await SettleAsync(DeadLetterOf(await ClaimOneAsync()));
        await Store.Subscribers.SetPausedAsync(tenant, subscriber.Id, true, Cancellation);

        var outcome = await Store.Deliveries.ReplayAsync(tenant, delivery.Id, Cancellation);

        outcome.Outcome.ShouldBe(ReplayOutcome.Accepted);
        outcome.Delivery.ShouldNotBeNull().Status.ShouldBe(DeliveryStatus.Held);
        (await ClaimAsync()).ShouldBeEmpty();
        await Store.Subscribers.SetPausedAsync(tenant, subscriber.Id, false, Cancellation);
        (await ClaimAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Replay_after_its_subscriber_was_deleted_is_refused()
    {
        var tenant = await NewTenantAsync();
        var (subscriber, delivery) = await DeliverableAsync(tenant);
        await SettleAsync(DeadLetterOf(await ClaimOneAsync()));
        await Store.Subscribers.DeleteAsync(tenant, subscriber.Id, Cancellation);

        (await Store.Deliveries.ReplayAsync(tenant, delivery.Id, Cancellation)).Outcome.ShouldBe(ReplayOutcome.SubscriberDeleted);

        await Store.ReopenAsync();
        (await Store.Deliveries.ReplayAsync(tenant, delivery.Id, Cancellation)).Outcome.ShouldBe(ReplayOutcome.SubscriberDeleted);
        (await ClaimAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Replay_of_an_unknown_or_foreign_one_is_not_found()
    {
        var tenant = await NewTenantAsync("one");
        var other = await NewTenantAsync("other");
        var (_, delivery) = await DeliverableAsync(tenant);
        await SettleAsync(DeadLetterOf(await ClaimOneAsync()));

        (await Store.Deliveries.ReplayAsync(other, delivery.Id, Cancellation))
            .ShouldBe(new DeliveryOutcome(ReplayOutcome.NotFound, null));
        (await Store.Deliveries.ReplayAsync(tenant, DeliveryId.New(Now), Cancellation))
            .ShouldBe(new DeliveryOutcome(ReplayOutcome.NotFound, null));
        (await ClaimAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Replay_outlives_a_restart()
    {
        var tenant = await NewTenantAsync();
        var (_, delivery) = await DeliverableAsync(tenant);
        await SettleAsync(DeadLetterOf(await ClaimOneAsync()));
        await Store.Deliveries.ReplayAsync(tenant, delivery.Id, Cancellation);

        await Store.ReopenAsync();

        var work = await LoadOneAsync(await ClaimOneAsync());
        work.Trigger.ShouldBe(AttemptTrigger.Replay);
        work.AttemptCount.ShouldBe(1);
    }
}
