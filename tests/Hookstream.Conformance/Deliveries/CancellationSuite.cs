namespace Hookstream.Conformance.Deliveries;

/// <summary>Deliveries are cancelled by a person, or because their endpoint was deleted or disabled.</summary>
public abstract class CancellationSuite : StoreSuite
{
    [Fact]
    public async Task Cancel_of_a_pending_one_ends_it()
    {
        var tenant = await NewTenantAsync();
        var (_, delivery) = await DeliverableAsync(tenant);

        var outcome = await Store.Deliveries.CancelAsync(tenant, delivery.Id, Cancellation);

        outcome.Outcome.ShouldBe(ReplayOutcome.Accepted);
        var cancelled = outcome.Delivery.ShouldNotBeNull();
        cancelled.Status.ShouldBe(DeliveryStatus.Cancelled);
        cancelled.LastError.ShouldNotBeNull().Code.ShouldBe("cancelled");
        cancelled.FinishedAt.ShouldBe(Now);
        cancelled.NextAttemptAt.ShouldBeNull();
        (await ReadAsync(tenant, delivery.Id)).Delivery.ShouldBe(cancelled);
        (await ClaimAsync()).ShouldBeEmpty();
        await Store.ReopenAsync();
        (await ClaimAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Cancel_of_a_failed_one_stops_its_retries()
    {
        var tenant = await NewTenantAsync();
        var (_, delivery) = await DeliverableAsync(tenant);
        await SettleAsync(RetryOf(await ClaimOneAsync(), TimeSpan.FromSeconds(30)));

        (await Store.Deliveries.CancelAsync(tenant, delivery.Id, Cancellation)).Outcome.ShouldBe(ReplayOutcome.Accepted);

        Time.Advance(TimeSpan.FromMinutes(1));
        (await ClaimAsync()).ShouldBeEmpty();
        (await ReadAsync(tenant, delivery.Id)).Attempts.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Cancel_of_a_dead_letter_and_of_a_held_one_ends_them()
    {
        var tenant = await NewTenantAsync();
        var (subscriber, dead) = await DeliverableAsync(tenant);
        await SettleAsync(DeadLetterOf(await ClaimOneAsync()));
        await Store.Subscribers.SetPausedAsync(tenant, subscriber.Id, true, Cancellation);
        var appended = await AppendAsync(tenant);
        var held = (await Store.Deliveries.OfEventAsync(tenant, appended.Id, Cancellation)).Single().Delivery;

        (await Store.Deliveries.CancelAsync(tenant, dead.Id, Cancellation)).Delivery!.Status.ShouldBe(DeliveryStatus.Cancelled);
        (await Store.Deliveries.CancelAsync(tenant, held.Id, Cancellation)).Delivery!.Status.ShouldBe(DeliveryStatus.Cancelled);

        await Store.Subscribers.SetPausedAsync(tenant, subscriber.Id, false, Cancellation);
        (await ClaimAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Cancel_of_one_in_flight_is_refused_and_changes_nothing()
    {
        var tenant = await NewTenantAsync();
        var (_, delivery) = await DeliverableAsync(tenant);
        var lease = await ClaimOneAsync();

        (await Store.Deliveries.CancelAsync(tenant, delivery.Id, Cancellation)).Outcome.ShouldBe(ReplayOutcome.InFlight);

        await SettleAsync(DeliveredOf(lease));
        (await ReadAsync(tenant, delivery.Id)).Delivery.Status.ShouldBe(DeliveryStatus.Delivered);
    }

    [Fact]
    public async Task Cancel_after_the_lease_expired_makes_its_settle_late()
    {
        var tenant = await NewTenantAsync();
        var (_, delivery) = await DeliverableAsync(tenant);
        var lost = (await ClaimAsync(lease: TimeSpan.FromSeconds(30))).ShouldHaveSingleItem();
        Time.Advance(TimeSpan.FromSeconds(31));
        (await Store.Deliveries.CancelAsync(tenant, delivery.Id, Cancellation)).Outcome.ShouldBe(ReplayOutcome.Accepted);

        await SettleAsync(DeliveredOf(lost));

        var detail = await ReadAsync(tenant, delivery.Id);
        detail.Delivery.Status.ShouldBe(DeliveryStatus.Cancelled);
        detail.Attempts.ShouldHaveSingleItem().Late.ShouldBeTrue();
    }

    [Fact]
    public async Task Cancel_of_a_delivered_one_is_refused()
    {
        var tenant = await NewTenantAsync();
        var (_, delivery) = await DeliverableAsync(tenant);
        await SettleAsync(DeliveredOf(await ClaimOneAsync()));

        (await Store.Deliveries.CancelAsync(tenant, delivery.Id, Cancellation)).Outcome.ShouldBe(ReplayOutcome.AlreadyDelivered);

        (await ReadAsync(tenant, delivery.Id)).Delivery.Status.ShouldBe(DeliveryStatus.Delivered);
    }

    [Fact]
    public async Task Cancel_of_an_unknown_or_foreign_one_is_not_found()
    {
        var tenant = await NewTenantAsync("one");
        var other = await NewTenantAsync("other");
        var (_, delivery) = await DeliverableAsync(tenant);

        (await Store.Deliveries.CancelAsync(other, delivery.Id, Cancellation))
            .ShouldBe(new DeliveryOutcome(ReplayOutcome.NotFound, null));
        (await Store.Deliveries.CancelAsync(tenant, DeliveryId.New(Now), Cancellation))
            .ShouldBe(new DeliveryOutcome(ReplayOutcome.NotFound, null));
        (await ClaimAsync()).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Gone_dead_letters_its_delivery_and_cancels_the_others(bool restart)
    {
        var tenant = await NewTenantAsync();
        var subscriber = await SubscribeAsync(tenant);
        await AppendManyAsync(tenant, 40);
        var lease = await ClaimOneAsync();

        await SettleAsync(GoneOf(lease));

        var gone = (await ReadAsync(tenant, lease.Delivery)).Delivery;
        gone.Status.ShouldBe(DeliveryStatus.DeadLetter);
        gone.LastError.ShouldNotBeNull().Code.ShouldBe("gone");
        await OthersReadCancelledAsync(tenant, subscriber.Id, "subscriber_disabled");
        if (restart)
            await Store.ReopenAsync();
        await RunBacklogToTheEndAsync();
        await OthersReadCancelledAsync(tenant, subscriber.Id, "subscriber_disabled");
        (await ReadAsync(tenant, lease.Delivery)).Delivery.Status.ShouldBe(DeliveryStatus.DeadLetter);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Delete_of_the_subscriber_cancels_what_is_unfinished_and_nothing_else(bool restart)
    {
        var tenant = await NewTenantAsync();
        var subscriber = await SubscribeAsync(tenant);
        await AppendManyAsync(tenant, 42);
        var leases = await ClaimAsync(slots: 3);
        await SettleAsync(
            DeliveredOf(leases[0]), DeadLetterOf(leases[1]), RetryOf(leases[2], TimeSpan.FromSeconds(10)));

        await Store.Subscribers.DeleteAsync(tenant, subscriber.Id, Cancellation);

        await CheckAsync();
        if (restart)
        {
            await Store.ReopenAsync();
            await CheckAsync();
        }

        await RunBacklogToTheEndAsync();
        await CheckAsync();
        Time.Advance(TimeSpan.FromMinutes(1));
        (await ClaimAsync()).ShouldBeEmpty();

        async Task CheckAsync()
        {
            (await ReadAsync(tenant, leases[0].Delivery)).Delivery.Status.ShouldBe(DeliveryStatus.Delivered);
            (await ReadAsync(tenant, leases[1].Delivery)).Delivery.Status.ShouldBe(DeliveryStatus.DeadLetter);
            var cancelled = (await ReadAsync(tenant, leases[2].Delivery)).Delivery;
            cancelled.Status.ShouldBe(DeliveryStatus.Cancelled);
            cancelled.NextAttemptAt.ShouldBeNull();
            cancelled.LastError.ShouldNotBeNull().Code.ShouldBe("subscriber_deleted");
            var listed = await AllPagesAsync(
                100,
                page => Store.Deliveries.ListAsync(tenant, new DeliveryQuery(DeliveryStatus.Cancelled), page, Cancellation));
            listed.Count.ShouldBe(40);
        }
    }

    [Fact]
    public async Task Send_under_way_when_its_subscriber_is_deleted_is_recorded()
    {
        var tenant = await NewTenantAsync();
        var (subscriber, delivery) = await DeliverableAsync(tenant);
        var lease = await ClaimOneAsync();
        await Store.Subscribers.DeleteAsync(tenant, subscriber.Id, Cancellation);

        await SettleAsync(RetryOf(lease, TimeSpan.FromSeconds(1)));
        await RunBacklogToTheEndAsync();

        var detail = await ReadAsync(tenant, delivery.Id);
        detail.Delivery.Status.ShouldBe(DeliveryStatus.Cancelled);
        detail.Attempts.ShouldHaveSingleItem();
        Time.Advance(TimeSpan.FromMinutes(1));
        (await ClaimAsync()).ShouldBeEmpty();
    }

    private async Task OthersReadCancelledAsync(TenantId tenant, SubscriberId subscriber, string code)
    {
        var cancelled = await AllPagesAsync(
            100,
            page => Store.Deliveries.ListAsync(
                tenant, new DeliveryQuery(DeliveryStatus.Cancelled, subscriber), page, Cancellation));
        cancelled.Count.ShouldBe(39);
        cancelled.ShouldAllBe(delivery => delivery.LastError != null && delivery.LastError.Code == code);
        var pending = await Store.Deliveries.ListAsync(
            tenant, new DeliveryQuery(DeliveryStatus.Pending), new PageRequest(10, null), Cancellation);
        pending.Items.ShouldBeEmpty();
        (await ClaimAsync()).ShouldBeEmpty();
    }
}
