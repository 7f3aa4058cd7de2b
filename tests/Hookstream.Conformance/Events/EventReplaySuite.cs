namespace Hookstream.Conformance.Events;

/// <summary>An event can be delivered again: to those who had it, or to one who may not have.</summary>
public abstract class EventReplaySuite : StoreSuite
{
    [Fact]
    public async Task Replay_makes_all_of_its_finished_deliveries_due_again()
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);
        await SubscribeAsync(tenant);
        var appended = await AppendAsync(tenant);
        var first = await SettleAllDueAsync(lease => DeliveredOf(lease));

        var result = await Store.Events.ReplayAsync(tenant, appended.Id, null, Cancellation);

        result.ShouldBe(new EventReplayResult(ReplayOutcome.Accepted, 2));
        var second = await ClaimAsync();
        second.Select(lease => lease.Delivery).ShouldBe(first.Select(lease => lease.Delivery), ignoreOrder: true);
        (await LoadOneAsync(second[0])).Trigger.ShouldBe(AttemptTrigger.Replay);
    }

    [Fact]
    public async Task Replay_to_one_subscriber_leaves_the_others_alone()
    {
        var tenant = await NewTenantAsync();
        var one = await SubscribeAsync(tenant);
        await SubscribeAsync(tenant);
        var appended = await AppendAsync(tenant);
        await SettleAllDueAsync(lease => DeliveredOf(lease));

        var result = await Store.Events.ReplayAsync(tenant, appended.Id, one.Id, Cancellation);

        result.ShouldBe(new EventReplayResult(ReplayOutcome.Accepted, 1));
        (await ClaimAsync()).ShouldHaveSingleItem().Subscriber.ShouldBe(one.Id);
    }

    [Fact]
    public async Task Replay_to_one_that_never_had_it_makes_a_delivery_whatever_its_filter()
    {
        var tenant = await NewTenantAsync();
        var appended = await AppendAsync(tenant, "order.paid");
        var late = await SubscribeAsync(tenant, "invoice.*");

        var result = await Store.Events.ReplayAsync(tenant, appended.Id, late.Id, Cancellation);

        result.ShouldBe(new EventReplayResult(ReplayOutcome.Accepted, 1));
        var lease = await ClaimOneAsync();
        lease.Subscriber.ShouldBe(late.Id);
        (await LoadOneAsync(lease)).Event.ShouldBe(appended.Id);
        (await Store.Deliveries.OfEventAsync(tenant, appended.Id, Cancellation)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Replay_twice_to_one_that_never_had_it_makes_one_delivery()
    {
        var tenant = await NewTenantAsync();
        var appended = await AppendAsync(tenant);
        var late = await SubscribeAsync(tenant);

        await Store.Events.ReplayAsync(tenant, appended.Id, late.Id, Cancellation);
        await Store.Events.ReplayAsync(tenant, appended.Id, late.Id, Cancellation);

        (await Store.Deliveries.OfEventAsync(tenant, appended.Id, Cancellation)).ShouldHaveSingleItem();
        (await ClaimAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Replay_leaves_what_is_in_flight_and_counts_the_rest()
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);
        await SubscribeAsync(tenant);
        var appended = await AppendAsync(tenant);
        var inFlight = await ClaimOneAsync();
        await SettleAsync(DeliveredOf(await ClaimOneAsync()));

        var all = await Store.Events.ReplayAsync(tenant, appended.Id, null, Cancellation);
        var one = await Store.Events.ReplayAsync(tenant, appended.Id, inFlight.Subscriber, Cancellation);

        all.ShouldBe(new EventReplayResult(ReplayOutcome.Accepted, 1));
        one.Outcome.ShouldBe(ReplayOutcome.InFlight);
        await SettleAsync(DeliveredOf(inFlight));
        (await ReadAsync(tenant, inFlight.Delivery)).Delivery.Status.ShouldBe(DeliveryStatus.Delivered);
    }

    [Fact]
    public async Task Replay_leaves_out_those_whose_subscriber_is_gone()
    {
        var tenant = await NewTenantAsync();
        var gone = await SubscribeAsync(tenant);
        var kept = await SubscribeAsync(tenant);
        var appended = await AppendAsync(tenant);
        await SettleAllDueAsync(lease => DeliveredOf(lease));
        await Store.Subscribers.DeleteAsync(tenant, gone.Id, Cancellation);

        var result = await Store.Events.ReplayAsync(tenant, appended.Id, null, Cancellation);

        result.ShouldBe(new EventReplayResult(ReplayOutcome.Accepted, 1));
        (await ClaimAsync()).ShouldHaveSingleItem().Subscriber.ShouldBe(kept.Id);
    }

    [Fact]
    public async Task Replay_of_what_the_tenant_does_not_have_is_not_found()
    {
        var tenant = await NewTenantAsync("one");
        var other = await NewTenantAsync("other");
        var subscriber = await SubscribeAsync(tenant);
        var foreign = await SubscribeAsync(other);
        var appended = await AppendAsync(tenant);
        await SettleAllDueAsync(lease => DeliveredOf(lease));

        (await Store.Events.ReplayAsync(other, appended.Id, null, Cancellation)).Outcome.ShouldBe(ReplayOutcome.NotFound);
        (await Store.Events.ReplayAsync(other, appended.Id, foreign.Id, Cancellation)).Outcome.ShouldBe(ReplayOutcome.NotFound);
        (await Store.Events.ReplayAsync(tenant, appended.Id, foreign.Id, Cancellation)).Outcome.ShouldBe(ReplayOutcome.NotFound);
        (await Store.Events.ReplayAsync(tenant, EventId.New(Now), null, Cancellation)).Outcome.ShouldBe(ReplayOutcome.NotFound);
        (await Store.Events.ReplayAsync(tenant, EventId.New(Now), subscriber.Id, Cancellation)).Outcome.ShouldBe(ReplayOutcome.NotFound);
        (await ClaimAsync()).ShouldBeEmpty();
    }
}
