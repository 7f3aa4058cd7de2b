namespace Hookstream.Conformance.Tenants;

/// <summary>
/// For every call that takes an id, another tenant's id answers as one that does not exist, and changes nothing. Keys,
/// events and deliveries are covered by their own suites; here are subscribers, and all of them once more side by side.
/// </summary>
public abstract class TenantIsolationSuite : StoreSuite
{
    [Fact]
    public async Task Subscriber_of_another_tenant_reads_as_not_found()
    {
        var owner = await NewTenantAsync("owner");
        var other = await NewTenantAsync("other");
        var subscriber = await SubscribeAsync(owner);
        var before = await Store.Subscribers.FindAsync(owner, subscriber.Id, Cancellation);

        foreach (var id in new[] { subscriber.Id, SubscriberId.New(Now) })
        {
            (await Store.Subscribers.FindAsync(other, id, Cancellation)).ShouldBeNull();
            (await Store.Subscribers.FindEndpointAsync(other, id, Cancellation)).ShouldBeNull();
            (await Store.Subscribers.SetPausedAsync(other, id, true, Cancellation)).ShouldBeNull();
            (await Store.Subscribers.UpdateAsync(
                other, id, settings => settings with { Description = "taken" }, Cancellation)).ShouldBeNull();
            (await Store.Subscribers.RecordChallengeAsync(
                other, id, subscriber.Settings.Url, true, 0, null, Cancellation)).ShouldBeNull();
            (await Store.Subscribers.DeleteAsync(other, id, Cancellation)).ShouldBeFalse();
        }

        var after = (await Store.Subscribers.FindAsync(owner, subscriber.Id, Cancellation)).ShouldNotBeNull();
        after.Gate.ShouldBe(before!.Gate);
        after.Settings.Description.ShouldBeNull();
        (await Store.Subscribers.ListAsync(other, new PageRequest(10, null), Cancellation)).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task Ids_of_another_tenant_answer_as_ids_that_do_not_exist()
    {
        var owner = await NewTenantAsync("owner");
        var other = await NewTenantAsync("other");
        var (_, delivery) = await DeliverableAsync(owner);
        var own = await SubscribeAsync(other);
        var noEvent = EventId.New(Now);
        var noDelivery = DeliveryId.New(Now);

        (await Store.Events.FindAsync(other, delivery.Event, Cancellation))
            .ShouldBe(await Store.Events.FindAsync(other, noEvent, Cancellation));
        (await Store.Events.ReplayAsync(other, delivery.Event, null, Cancellation))
            .ShouldBe(await Store.Events.ReplayAsync(other, noEvent, null, Cancellation));
        (await Store.Events.ReplayAsync(other, delivery.Event, own.Id, Cancellation))
            .ShouldBe(await Store.Events.ReplayAsync(other, noEvent, own.Id, Cancellation));
        (await Store.Deliveries.FindAsync(other, delivery.Id, Cancellation))
            .ShouldBe(await Store.Deliveries.FindAsync(other, noDelivery, Cancellation));
        (await Store.Deliveries.OfEventAsync(other, delivery.Event, Cancellation))
            .ShouldBe(await Store.Deliveries.OfEventAsync(other, noEvent, Cancellation));
        (await Store.Deliveries.ReplayAsync(other, delivery.Id, Cancellation))
            .ShouldBe(await Store.Deliveries.ReplayAsync(other, noDelivery, Cancellation));
        (await Store.Deliveries.CancelAsync(other, delivery.Id, Cancellation))
            .ShouldBe(await Store.Deliveries.CancelAsync(other, noDelivery, Cancellation));

        (await ReadAsync(owner, delivery.Id)).Delivery.ShouldBe(delivery);
        (await ClaimAsync()).ShouldHaveSingleItem().Tenant.ShouldBe(owner);
    }

    [Fact]
    public async Task Ids_of_another_tenant_as_a_cursor_show_nothing_of_it()
    {
        var owner = await NewTenantAsync("owner");
        var other = await NewTenantAsync("other");
        var (_, delivery) = await DeliverableAsync(owner);
        Tick();
        await SubscribeAsync(other);
        await AppendAsync(other);

        var events = await Store.Events.ListAsync(
            owner, new EventQuery(), new PageRequest(10, EventId.New(Now + TimeSpan.FromDays(1)).Value), Cancellation);
        events.Items.Select(item => item.Id).ShouldBe([delivery.Event]);
        var deliveries = await Store.Deliveries.ListAsync(
            owner, new DeliveryQuery(), new PageRequest(10, DeliveryId.New(Now + TimeSpan.FromDays(1)).Value), Cancellation);
        deliveries.Items.Select(item => item.Id).ShouldBe([delivery.Id]);
    }

    [Fact]
    public async Task Deletion_of_a_tenant_touches_no_other()
    {
        var deleted = await NewTenantAsync("deleted");
        var kept = await NewTenantAsync("kept");
        await DeliverableAsync(deleted);
        var (subscriber, delivery) = await DeliverableAsync(kept);

        await Store.Tenants.DeleteAsync(deleted, Cancellation);
        await RunBacklogToTheEndAsync();

        (await Store.Subscribers.FindAsync(kept, subscriber.Id, Cancellation)).ShouldNotBeNull();
        (await ClaimAsync()).ShouldHaveSingleItem().Delivery.ShouldBe(delivery.Id);
    }
}
