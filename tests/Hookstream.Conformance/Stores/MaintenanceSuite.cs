namespace Hookstream.Conformance.Stores;

/// <summary>Retention takes away what is finished and old, and nothing that is still needed; health tells how the store is.</summary>
public abstract class MaintenanceSuite : StoreSuite
{
    private static readonly TimeSpan Retention = TimeSpan.FromDays(30);

    [Fact]
    public async Task Health_of_an_open_store_is_up()
    {
        var health = await Store.Maintenance.CheckAsync(Cancellation);

        health.Up.ShouldBeTrue();
        health.Latency.ShouldBeGreaterThanOrEqualTo(TimeSpan.Zero);
    }

    [Fact]
    public async Task Retention_removes_old_finished_deliveries_and_their_events()
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);
        await AppendManyAsync(tenant, 3);
        var leases = await ClaimAsync();
        await SettleAsync(DeliveredOf(leases[0]), DeadLetterOf(leases[1]), RetryOf(leases[2], TimeSpan.FromHours(1)));
        await Store.Deliveries.CancelAsync(tenant, leases[2].Delivery, Cancellation);
        var events = (await Store.Events.ListAsync(tenant, new EventQuery(), new PageRequest(10, null), Cancellation)).Items;
        events.Count.ShouldBe(3);
        Time.Advance(Retention + TimeSpan.FromDays(1));

        (await RemoveAllExpiredAsync()).ShouldBe(6);

        foreach (var lease in leases)
            (await Store.Deliveries.FindAsync(tenant, lease.Delivery, Cancellation)).ShouldBeNull();
        foreach (var removed in events)
            (await Store.Events.FindAsync(tenant, removed.Id, Cancellation)).ShouldBeNull();
        (await Store.Deliveries.ListAsync(tenant, new DeliveryQuery(), new PageRequest(10, null), Cancellation)).Items.ShouldBeEmpty();
        (await Store.Events.ListAsync(tenant, new EventQuery(), new PageRequest(10, null), Cancellation)).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task Retention_keeps_what_is_unfinished_however_old()
    {
        var tenant = await NewTenantAsync();
        var (subscriber, pending) = await DeliverableAsync(tenant);
        await Store.Subscribers.SetPausedAsync(tenant, subscriber.Id, true, Cancellation);
        Time.Advance(Retention * 3);

        (await RemoveAllExpiredAsync()).ShouldBe(0);

        (await ReadAsync(tenant, pending.Id)).Delivery.Status.ShouldBe(DeliveryStatus.Held);
        await Store.Subscribers.SetPausedAsync(tenant, subscriber.Id, false, Cancellation);
        (await LoadOneAsync(await ClaimOneAsync())).Event.ShouldBe(pending.Event);
    }

    [Fact]
    public async Task Retention_keeps_an_event_as_long_as_one_of_its_deliveries()
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);
        var (_, held) = await DeliverableAsync(tenant, SettingsOf("*") with { Verification = VerificationMode.Required });
        var lease = await ClaimOneAsync();
        lease.Delivery.ShouldNotBe(held.Id);
        await SettleAsync(DeliveredOf(lease));
        Time.Advance(Retention + TimeSpan.FromDays(1));

        await RemoveAllExpiredAsync();

        (await Store.Deliveries.FindAsync(tenant, lease.Delivery, Cancellation)).ShouldBeNull();
        (await ReadAsync(tenant, held.Id)).Delivery.Status.ShouldBe(DeliveryStatus.Held);
        (await Store.Events.FindAsync(tenant, held.Event, Cancellation)).ShouldNotBeNull().Payload.ShouldNotBeNull();
    }

    [Fact]
    public async Task Retention_keeps_what_is_recent()
    {
        var tenant = await NewTenantAsync();
        var (_, delivery) = await DeliverableAsync(tenant);
        await SettleAsync(DeliveredOf(await ClaimOneAsync()));
        Time.Advance(Retention - TimeSpan.FromDays(1));

        (await RemoveAllExpiredAsync()).ShouldBe(0);

        (await ReadAsync(tenant, delivery.Id)).Attempts.ShouldHaveSingleItem();
        (await Store.Events.FindAsync(tenant, delivery.Event, Cancellation)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Retention_removes_old_events_that_nobody_wanted()
    {
        var tenant = await NewTenantAsync();
        var old = await AppendAsync(tenant);
        Time.Advance(Retention + TimeSpan.FromDays(1));
        var recent = await AppendAsync(tenant);

        (await RemoveAllExpiredAsync()).ShouldBe(1);

        (await Store.Events.FindAsync(tenant, old.Id, Cancellation)).ShouldBeNull();
        (await Store.Events.FindAsync(tenant, recent.Id, Cancellation)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Retention_of_many_comes_to_an_end_and_leaves_the_rest()
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);
        await AppendManyAsync(tenant, 2_500);
        await SettleAllDueAsync(lease => DeliveredOf(lease));
        Time.Advance(Retention + TimeSpan.FromDays(1));
        await AppendManyAsync(tenant, 20);

        (await RemoveAllExpiredAsync()).ShouldBe(5_000);

        (await ClaimAsync()).Count.ShouldBe(20);
    }

    [Fact]
    public async Task Expired_idempotency_keys_can_be_removed_and_live_ones_stay()
    {
        var tenant = await NewTenantAsync();
        await AppendAsync(tenant, key: "old");
        Time.Advance(TimeSpan.FromHours(23));
        var live = await AppendAsync(tenant, key: "live");
        Time.Advance(TimeSpan.FromHours(2));

        await RemoveAllExpiredAsync();

        (await Store.Events.AppendAsync(NewEventOf(tenant, key: "old"), Cancellation)).Outcome.ShouldBe(AppendOutcome.Accepted);
        (await Store.Events.AppendAsync(NewEventOf(tenant, key: "live"), Cancellation))
            .ShouldBe(new AppendResult(AppendOutcome.Duplicate, live.Id, 0));
    }

    [Fact]
    public async Task Replayed_delivery_is_kept_until_it_is_old_again()
    {
        var tenant = await NewTenantAsync();
        var (_, delivery) = await DeliverableAsync(tenant);
        await SettleAsync(DeadLetterOf(await ClaimOneAsync()));
        Time.Advance(Retention - TimeSpan.FromDays(1));
        await Store.Deliveries.ReplayAsync(tenant, delivery.Id, Cancellation);
        Time.Advance(TimeSpan.FromDays(2));

        await RemoveAllExpiredAsync();

        (await LoadOneAsync(await ClaimOneAsync())).AttemptCount.ShouldBe(1);
    }

    [Fact]
    public async Task Backlog_of_a_store_without_any_is_empty() =>
        (await Store.Maintenance.RunBacklogAsync(Cancellation)).ShouldBeFalse();

    private async Task<long> RemoveAllExpiredAsync()
    {
        long total = 0;
        for (var chunk = 0; chunk < 10_000; chunk++)
        {
            var removed = await Store.Maintenance.RemoveExpiredAsync(Retention, Cancellation);
            if (removed == 0)
                return total;
            total += removed;
        }

        throw new InvalidOperationException("retention never came to an end");
    }
}
