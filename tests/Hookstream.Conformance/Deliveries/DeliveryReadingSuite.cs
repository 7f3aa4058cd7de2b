namespace Hookstream.Conformance.Deliveries;

/// <summary>Deliveries as a person reads them: found, listed, filtered, and held where their gate is shut.</summary>
public abstract class DeliveryReadingSuite : StoreSuite
{
    [Fact]
    public async Task Find_reads_a_fresh_delivery()
    {
        var tenant = await NewTenantAsync();
        var subscriber = await SubscribeAsync(tenant);
        var appended = await AppendAsync(tenant, "order.paid");
        var id = (await Store.Deliveries.OfEventAsync(tenant, appended.Id, Cancellation)).Single().Delivery.Id;

        var delivery = (await ReadAsync(tenant, id)).Delivery;

        delivery.Event.ShouldBe(appended.Id);
        delivery.EventType.ShouldBe(TypeOf("order.paid"));
        delivery.Subscriber.ShouldBe(subscriber.Id);
        delivery.Status.ShouldBe(DeliveryStatus.Pending);
        delivery.HoldReason.ShouldBeNull();
        delivery.NextAttemptAt.ShouldBe(Now);
        delivery.LastAttemptAt.ShouldBeNull();
        delivery.LastStatusCode.ShouldBeNull();
        delivery.LastError.ShouldBeNull();
        delivery.CreatedAt.ShouldBe(Now);
        delivery.FinishedAt.ShouldBeNull();
    }

    [Fact]
    public async Task Find_of_unknown_and_foreign_deliveries_is_null()
    {
        var tenant = await NewTenantAsync("one");
        var other = await NewTenantAsync("other");
        var (_, delivery) = await DeliverableAsync(tenant);

        (await Store.Deliveries.FindAsync(other, delivery.Id, Cancellation)).ShouldBeNull();
        (await Store.Deliveries.FindAsync(tenant, DeliveryId.New(Now), Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task OfEvent_reads_all_with_their_attempts_oldest_first()
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);
        await SubscribeAsync(tenant);
        var appended = await AppendAsync(tenant);
        await AppendAsync(tenant);
        var late = await SubscribeAsync(tenant);
        Tick();
        await Store.Events.ReplayAsync(tenant, appended.Id, late.Id, Cancellation);
        await SettleAllDueAsync(lease => DeliveredOf(lease));

        var details = await Store.Deliveries.OfEventAsync(tenant, appended.Id, Cancellation);

        details.Count.ShouldBe(3);
        details.ShouldAllBe(detail => detail.Delivery.Event == appended.Id && detail.Attempts.Count == 1);
        details[^1].Delivery.Subscriber.ShouldBe(late.Id);
    }

    [Fact]
    public async Task OfEvent_of_unknown_and_foreign_events_is_empty()
    {
        var tenant = await NewTenantAsync("one");
        var other = await NewTenantAsync("other");
        var (_, delivery) = await DeliverableAsync(tenant);

        (await Store.Deliveries.OfEventAsync(other, delivery.Event, Cancellation)).ShouldBeEmpty();
        (await Store.Deliveries.OfEventAsync(tenant, EventId.New(Now), Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Pause_makes_unfinished_ones_read_as_held_and_resume_as_they_were()
    {
        var tenant = await NewTenantAsync();
        var subscriber = await SubscribeAsync(tenant);
        await AppendManyAsync(tenant, 3);
        var leases = await ClaimAsync();
        await SettleAsync(
            DeliveredOf(leases[0]),
            RetryOf(leases[1], TimeSpan.FromHours(1)),
            new Settlement { Lease = leases[2], Disposition = Disposition.Release });

        await Store.Subscribers.SetPausedAsync(tenant, subscriber.Id, true, Cancellation);

        (await ReadAsync(tenant, leases[0].Delivery)).Delivery.Status.ShouldBe(DeliveryStatus.Delivered);
        foreach (var lease in leases.Skip(1))
        {
            var held = (await ReadAsync(tenant, lease.Delivery)).Delivery;
            held.Status.ShouldBe(DeliveryStatus.Held);
            held.HoldReason.ShouldBe(HoldReason.Paused);
            held.NextAttemptAt.ShouldBeNull();
        }

        await Store.Subscribers.SetPausedAsync(tenant, subscriber.Id, false, Cancellation);
        var failed = (await ReadAsync(tenant, leases[1].Delivery)).Delivery;
        failed.Status.ShouldBe(DeliveryStatus.Failed);
        failed.HoldReason.ShouldBeNull();
        (await ReadAsync(tenant, leases[2].Delivery)).Delivery.Status.ShouldBe(DeliveryStatus.Pending);
    }

    [Fact]
    public async Task List_filters_by_every_status()
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant, "a.*");
        var paused = await SubscribeAsync(tenant, "b.*");
        var unverified = await SubscribeAsync(
            tenant, SettingsOf("c.*") with { Verification = VerificationMode.Required });
        await Store.Events.AppendAsync([.. Enumerable.Range(0, 5).Select(_ => NewEventOf(tenant, "a.x"))], Cancellation);
        var leases = await ClaimAsync();
        await SettleAsync(
            DeliveredOf(leases[0]), RetryOf(leases[1], TimeSpan.FromHours(1)), DeadLetterOf(leases[2]),
            new Settlement { Lease = leases[3], Disposition = Disposition.Release },
            new Settlement { Lease = leases[4], Disposition = Disposition.Release });
        await Store.Deliveries.CancelAsync(tenant, leases[3].Delivery, Cancellation);
        await AppendAsync(tenant, "b.x");
        await AppendAsync(tenant, "c.x");
        var retried = (await ClaimAsync(slots: 10)).Single(lease => lease.Subscriber == paused.Id);
        await SettleAsync(RetryOf(retried, TimeSpan.FromHours(1)));
        await AppendAsync(tenant, "b.x");
        await Store.Subscribers.SetPausedAsync(tenant, paused.Id, true, Cancellation);

        (await IdsAsync(DeliveryStatus.Delivered)).ShouldBe([leases[0].Delivery]);
        (await IdsAsync(DeliveryStatus.Failed)).ShouldBe([leases[1].Delivery]);
        (await IdsAsync(DeliveryStatus.DeadLetter)).ShouldBe([leases[2].Delivery]);
        (await IdsAsync(DeliveryStatus.Cancelled)).ShouldBe([leases[3].Delivery]);
        (await IdsAsync(DeliveryStatus.Pending)).ShouldBe([leases[4].Delivery]);
        var held = await ListAsync(tenant, new DeliveryQuery(DeliveryStatus.Held));
        held.Count.ShouldBe(3);
        held.Count(delivery => delivery.Subscriber == paused.Id && delivery.HoldReason == HoldReason.Paused).ShouldBe(2);
        held.Count(delivery => delivery.Subscriber == unverified.Id && delivery.HoldReason == HoldReason.Unverified).ShouldBe(1);
        (await ListAsync(tenant, new DeliveryQuery())).Count.ShouldBe(8);

        async Task<IEnumerable<DeliveryId>> IdsAsync(DeliveryStatus status)
        {
            var listed = await ListAsync(tenant, new DeliveryQuery(status));
            listed.ShouldAllBe(delivery => delivery.Status == status);
            return listed.Select(delivery => delivery.Id);
        }
    }

    [Fact]
    public async Task Replayed_one_of_a_disabled_endpoint_is_listed_under_the_status_it_reads_with()
    {
        var tenant = await NewTenantAsync();
        var (subscriber, delivery) = await DeliverableAsync(tenant);
        await SettleAsync(GoneOf(await ClaimOneAsync()));
        await RunBacklogToTheEndAsync();
        await Store.Subscribers.SetPausedAsync(tenant, subscriber.Id, true, Cancellation);
        await Store.Deliveries.ReplayAsync(tenant, delivery.Id, Cancellation);

        var read = (await ReadAsync(tenant, delivery.Id)).Delivery;

        read.Status.ShouldBe(DeliveryStatus.Pending);
        foreach (var status in Enum.GetValues<DeliveryStatus>())
            (await ListAsync(tenant, new DeliveryQuery(status))).Count.ShouldBe(status == read.Status ? 1 : 0, status.ToString());
        (await ClaimAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task List_filters_by_subscriber_event_type_and_time()
    {
        var tenant = await NewTenantAsync();
        var one = await SubscribeAsync(tenant, "order.*");
        var two = await SubscribeAsync(tenant, "*");
        var first = await AppendAsync(tenant, "order.paid");
        Time.Advance(TimeSpan.FromMinutes(1));
        var middle = Now;
        var second = await AppendAsync(tenant, "invoice.sent");
        Time.Advance(TimeSpan.FromMinutes(1));
        var third = await AppendAsync(tenant, "order.paid");

        (await EventsAsync(new DeliveryQuery(Subscriber: one.Id))).ShouldBe([third.Id, first.Id]);
        (await EventsAsync(new DeliveryQuery(Subscriber: two.Id))).ShouldBe([third.Id, second.Id, first.Id]);
        (await EventsAsync(new DeliveryQuery(Event: second.Id))).ShouldBe([second.Id]);
        (await EventsAsync(new DeliveryQuery(Event: first.Id, Subscriber: one.Id))).ShouldBe([first.Id]);
        (await EventsAsync(new DeliveryQuery(EventType: TypeOf("invoice.sent")))).ShouldBe([second.Id]);
        (await EventsAsync(new DeliveryQuery(EventType: TypeOf("order.paid"), Subscriber: two.Id))).ShouldBe([third.Id, first.Id]);
        (await EventsAsync(new DeliveryQuery(Subscriber: two.Id, Since: middle))).ShouldBe([third.Id, second.Id]);
        (await EventsAsync(new DeliveryQuery(Subscriber: two.Id, Until: middle))).ShouldBe([first.Id]);
        (await EventsAsync(new DeliveryQuery(Subscriber: two.Id, Since: middle, Until: Now))).ShouldBe([second.Id]);
        (await EventsAsync(new DeliveryQuery(DeliveryStatus.Pending, two.Id, second.Id))).ShouldBe([second.Id]);
        (await EventsAsync(new DeliveryQuery(DeliveryStatus.Failed, two.Id))).ShouldBeEmpty();
        (await EventsAsync(new DeliveryQuery(Subscriber: SubscriberId.New(Now)))).ShouldBeEmpty();

        async Task<IEnumerable<EventId>> EventsAsync(DeliveryQuery query) =>
            (await ListAsync(tenant, query)).Select(delivery => delivery.Event);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(DeliveryStatus.Pending)]
    [InlineData(DeliveryStatus.Held)]
    [InlineData(DeliveryStatus.DeadLetter)]
    public async Task List_pages_newest_first_without_loss_or_repeat_while_others_arrive(DeliveryStatus? status)
    {
        var tenant = await NewTenantAsync();
        var listedOne = await SubscribeAsync(tenant);
        for (var i = 0; i < 25; i++)
        {
            await AppendAsync(tenant);
            Tick();
        }

        if (status == DeliveryStatus.DeadLetter)
            await SettleAllDueAsync(lease => DeadLetterOf(lease));
        if (status == DeliveryStatus.Held)
            await Store.Subscribers.SetPausedAsync(tenant, listedOne.Id, true, Cancellation);

        var listed = await AllPagesAsync(7, async page =>
        {
            var result = await Store.Deliveries.ListAsync(tenant, new DeliveryQuery(status), page, Cancellation);
            Tick();
            await AppendAsync(tenant);
            return result;
        });

        listed.Count.ShouldBe(25);
        listed.Select(delivery => delivery.Id).Distinct().Count().ShouldBe(25);
        listed.Select(delivery => delivery.CreatedAt).ShouldBeInOrder(SortDirection.Descending);
    }

    [Fact]
    public async Task List_pages_lose_and_repeat_nothing_while_deliveries_finish_and_are_replayed()
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);
        var made = new List<DeliveryId>();
        for (var i = 0; i < 40; i++)
        {
            var appended = await AppendAsync(tenant);
            made.Add((await Store.Deliveries.OfEventAsync(tenant, appended.Id, Cancellation)).Single().Delivery.Id);
            Tick();
        }

        made.Reverse();
        var ended = new List<Lease>(await ClaimAsync(slots: 10));
        await Store.Deliveries.SettleAsync([.. ended.Select(lease => DeadLetterOf(lease))], Cancellation);

        var listed = await AllPagesAsync(3, async page =>
        {
            var result = await Store.Deliveries.ListAsync(tenant, new DeliveryQuery(), page, Cancellation);
            // What ends moves to the history, what is replayed comes back from it: on pages read and on pages to come.
            foreach (var lease in ended)
                await Store.Deliveries.ReplayAsync(tenant, lease.Delivery, Cancellation);
            ended = [.. await ClaimAsync(slots: 7)];
            await Store.Deliveries.SettleAsync(
                [.. ended.Select((lease, i) => i % 2 == 0 ? DeliveredOf(lease) : DeadLetterOf(lease))], Cancellation);
            Tick();
            return result;
        });

        listed.Select(delivery => delivery.Id).ShouldBe(made);
    }

    [Fact]
    public async Task List_shows_no_delivery_of_another_tenant()
    {
        var tenant = await NewTenantAsync("one");
        var other = await NewTenantAsync("other");
        var (subscriber, delivery) = await DeliverableAsync(tenant);

        (await ListAsync(other, new DeliveryQuery())).ShouldBeEmpty();
        (await ListAsync(other, new DeliveryQuery(Subscriber: subscriber.Id))).ShouldBeEmpty();
        (await ListAsync(other, new DeliveryQuery(Event: delivery.Event))).ShouldBeEmpty();
    }

    [Fact]
    public async Task List_still_names_a_subscriber_that_was_deleted()
    {
        var tenant = await NewTenantAsync();
        var (subscriber, delivery) = await DeliverableAsync(tenant);
        await SettleAsync(DeliveredOf(await ClaimOneAsync()));

        await Store.Subscribers.DeleteAsync(tenant, subscriber.Id, Cancellation);

        (await ListAsync(tenant, new DeliveryQuery(Subscriber: subscriber.Id))).ShouldHaveSingleItem().Id.ShouldBe(delivery.Id);
    }

    private async Task<IReadOnlyList<Delivery>> ListAsync(TenantId tenant, DeliveryQuery query) =>
        (await Store.Deliveries.ListAsync(tenant, query, new PageRequest(100, null), Cancellation)).Items;
}
