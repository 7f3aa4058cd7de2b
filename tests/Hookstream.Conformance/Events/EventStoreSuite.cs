using System.Text;

namespace Hookstream.Conformance.Events;

/// <summary>Events: appended, matched with subscribers, found and listed.</summary>
public abstract class EventStoreSuite : StoreSuite
{
    [Fact]
    public async Task Append_stores_the_event_and_one_delivery_for_each_that_wants_it()
    {
        var tenant = await NewTenantAsync();
        var all = await SubscribeAsync(tenant, "*");
        var some = await SubscribeAsync(tenant, "order.*", "invoice.sent");
        await SubscribeAsync(tenant, "invoice.*");

        var result = await Store.Events.AppendAsync(NewEventOf(tenant, "order.paid"), Cancellation);

        result.Outcome.ShouldBe(AppendOutcome.Accepted);
        result.EnqueuedCount.ShouldBe(2);
        var deliveries = await Store.Deliveries.OfEventAsync(tenant, result.Id, Cancellation);
        deliveries.Select(detail => detail.Delivery.Subscriber).ShouldBe([all.Id, some.Id], ignoreOrder: true);
        deliveries.ShouldAllBe(detail => detail.Delivery.Status == DeliveryStatus.Pending);
        deliveries.ShouldAllBe(detail => detail.Delivery.EventType == TypeOf("order.paid"));
        deliveries.ShouldAllBe(detail => detail.Delivery.AttemptCount == 0 && detail.Attempts.Count == 0);
        deliveries.ShouldAllBe(detail => detail.Delivery.CreatedAt == Now && detail.Delivery.FinishedAt == null);
    }

    [Theory]
    [InlineData("order.paid", "order.paid", true)]
    [InlineData("order.paid", "order.paid.late", false)]
    [InlineData("order.paid", "order.pai", false)]
    [InlineData("order.paid", "Order.paid", false)]
    [InlineData("order.*", "order.paid", true)]
    [InlineData("order.*", "order.paid.late", true)]
    [InlineData("order.*", "order", false)]
    [InlineData("order.*", "orders.paid", false)]
    [InlineData("*", "order", true)]
    [InlineData("*", "order.paid", true)]
    [InlineData("*", "hookstream.endpoint.disabled", false)]
    [InlineData("hookstream.*", "hookstream.endpoint.disabled", true)]
    [InlineData("hookstream.endpoint.disabled", "hookstream.endpoint.disabled", true)]
    public async Task Append_matches_by_filter(string filter, string type, bool matches)
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant, filter);

        var result = await AppendAsync(tenant, type);

        result.EnqueuedCount.ShouldBe(matches ? 1 : 0);
        (await ClaimAsync()).Count.ShouldBe(matches ? 1 : 0);
    }

    [Fact]
    public async Task Append_with_two_filters_of_one_subscriber_that_match_delivers_once()
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant, "*", "order.*", "order.paid");

        (await AppendAsync(tenant, "order.paid")).EnqueuedCount.ShouldBe(1);
    }

    [Fact]
    public async Task Append_makes_a_delivery_due_after_the_first_delay_of_its_subscribers_own_schedule()
    {
        RetrySchedule.TryCreate([TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1)], out var schedule).ShouldBeTrue();
        var tenant = await NewTenantAsync();
        var (_, delivery) = await DeliverableAsync(tenant, SettingsOf("*") with { RetrySchedule = schedule });

        delivery.NextAttemptAt.ShouldBe(Now + TimeSpan.FromSeconds(10));
        Time.Advance(TimeSpan.FromMilliseconds(9_999));
        (await ClaimAsync()).ShouldBeEmpty();
        Time.Advance(TimeSpan.FromMilliseconds(1));
        (await ClaimAsync()).ShouldHaveSingleItem().Delivery.ShouldBe(delivery.Id);
    }

    [Fact]
    public async Task Append_right_after_a_subscriber_is_made_or_changed_matches_it()
    {
        var tenant = await NewTenantAsync();
        for (var i = 0; i < 20; i++)
        {
            var subscriber = await SubscribeAsync(tenant, $"first.n{i}");
            (await AppendAsync(tenant, $"first.n{i}")).EnqueuedCount.ShouldBe(1);

            await Store.Subscribers.UpdateAsync(
                tenant, subscriber.Id, settings => settings with { Events = [FilterOf($"second.n{i}")] }, Cancellation);
            (await AppendAsync(tenant, $"first.n{i}")).EnqueuedCount.ShouldBe(0);
            (await AppendAsync(tenant, $"second.n{i}")).EnqueuedCount.ShouldBe(1);
        }
    }

    [Fact]
    public async Task Append_after_a_subscriber_is_deleted_does_not_match_it()
    {
        var tenant = await NewTenantAsync();
        var subscriber = await SubscribeAsync(tenant);
        await AppendAsync(tenant);

        await Store.Subscribers.DeleteAsync(tenant, subscriber.Id, Cancellation);

        (await AppendAsync(tenant)).EnqueuedCount.ShouldBe(0);
    }

    [Fact]
    public async Task Append_after_a_subscriber_is_disabled_does_not_match_it()
    {
        var tenant = await NewTenantAsync();
        await DeliverableAsync(tenant);
        await SettleAsync(GoneOf(await ClaimOneAsync()));

        (await AppendAsync(tenant)).EnqueuedCount.ShouldBe(0);
    }

    [Fact]
    public async Task Append_for_a_paused_subscriber_counts_what_is_held()
    {
        var tenant = await NewTenantAsync();
        var subscriber = await SubscribeAsync(tenant);
        await Store.Subscribers.SetPausedAsync(tenant, subscriber.Id, true, Cancellation);

        (await AppendAsync(tenant)).EnqueuedCount.ShouldBe(1);
    }

    [Fact]
    public async Task Append_does_not_match_subscribers_of_another_tenant()
    {
        var tenant = await NewTenantAsync("one");
        var other = await NewTenantAsync("other");
        await SubscribeAsync(other);

        (await AppendAsync(tenant)).EnqueuedCount.ShouldBe(0);
        (await ClaimAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Append_of_a_batch_answers_in_its_order()
    {
        var one = await NewTenantAsync("one");
        var two = await NewTenantAsync("two");
        await SubscribeAsync(one, "a.*");
        await SubscribeAsync(two, "*");

        var results = await Store.Events.AppendAsync(
            [NewEventOf(one, "a.x"), NewEventOf(two, "b.x"), NewEventOf(one, "b.x"), NewEventOf(two, "c.x")], Cancellation);

        results.Select(result => result.EnqueuedCount).ShouldBe([1, 1, 0, 1]);
        results.Select(result => result.Id).Distinct().Count().ShouldBe(4);
        (await Store.Events.FindAsync(one, results[0].Id, Cancellation))!.Type.ShouldBe(TypeOf("a.x"));
        (await Store.Events.FindAsync(two, results[3].Id, Cancellation))!.Type.ShouldBe(TypeOf("c.x"));
    }

    [Fact]
    public async Task Append_of_an_empty_batch_answers_nothing() =>
        (await Store.Events.AppendAsync([], Cancellation)).ShouldBeEmpty();

    [Fact]
    public async Task Append_of_a_batch_with_one_poisonous_event_fails_that_one_alone()
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);
        var poison = await Store.MakePoisonousAsync(NewEventOf(tenant, "order.paid", key: "poison"));
        Assert.SkipWhen(poison is null, "capability gap: this back end has no event that it accepts and cannot write");

        var results = await Store.Events.AppendAsync(
            [NewEventOf(tenant, key: "a"), poison!, NewEventOf(tenant, key: "b")], Cancellation);

        results.Select(result => result.Outcome)
            .ShouldBe([AppendOutcome.Accepted, AppendOutcome.Failed, AppendOutcome.Accepted]);
        (await Store.Events.ListAsync(tenant, new EventQuery(), new PageRequest(10, null), Cancellation)).Items.Count.ShouldBe(2);
        (await ClaimAsync()).Count.ShouldBe(2);

        var again = await Store.Events.AppendAsync(NewEventOf(tenant, key: "poison"), Cancellation);
        again.Outcome.ShouldBe(AppendOutcome.Accepted, "a failed event must not leave its idempotency key behind");
    }

    [Fact]
    public async Task Append_of_many_at_once_around_a_poisonous_event_fails_that_one_alone()
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);
        var poison = await Store.MakePoisonousAsync(NewEventOf(tenant));
        Assert.SkipWhen(poison is null, "capability gap: this back end has no event that it accepts and cannot write");

        var appends = Enumerable.Range(0, 200)
            .Select(i => Store.Events.AppendAsync(i == 100 ? poison! : NewEventOf(tenant), Cancellation).AsTask())
            .ToArray();
        var results = await Task.WhenAll(appends);

        results.Count(result => result.Outcome == AppendOutcome.Accepted).ShouldBe(199);
        results[100].Outcome.ShouldBe(AppendOutcome.Failed);
        (await ClaimAsync(slots: 500, perEndpoint: 500)).Count.ShouldBe(199);
    }

    [Fact]
    public async Task Find_reads_back_what_was_appended()
    {
        var tenant = await NewTenantAsync();
        var happened = new DateTimeOffset(2025, 12, 31, 23, 59, 59, 123, TimeSpan.Zero);
        var appended = NewEventOf(tenant, "order.paid", """{"a":1}""", EventPriority.High, "key-1") with { Timestamp = happened };

        var result = await Store.Events.AppendAsync(appended, Cancellation);

        var found = (await Store.Events.FindAsync(tenant, result.Id, Cancellation)).ShouldNotBeNull();
        found.Id.ShouldBe(result.Id);
        found.Type.ShouldBe(TypeOf("order.paid"));
        found.Priority.ShouldBe(EventPriority.High);
        found.IdempotencyKey.ShouldBe("key-1");
        found.Timestamp.ShouldBe(happened);
        found.CreatedAt.ShouldBe(Now);
        Encoding.UTF8.GetString(found.Payload!).ShouldBe("""{"a":1}""");
    }

    [Fact]
    public async Task Find_without_a_timestamp_reads_the_time_of_storing()
    {
        var tenant = await NewTenantAsync();

        var result = await AppendAsync(tenant);

        (await Store.Events.FindAsync(tenant, result.Id, Cancellation))!.Timestamp.ShouldBe(Now);
    }

    [Fact]
    public async Task Find_of_unknown_and_foreign_events_is_null()
    {
        var tenant = await NewTenantAsync("one");
        var other = await NewTenantAsync("other");
        var result = await AppendAsync(tenant);

        (await Store.Events.FindAsync(other, result.Id, Cancellation)).ShouldBeNull();
        (await Store.Events.FindAsync(tenant, EventId.New(Now), Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task List_is_newest_first_without_payloads_and_of_this_tenant_only()
    {
        var tenant = await NewTenantAsync("one");
        var other = await NewTenantAsync("other");
        var first = await AppendAsync(tenant);
        Tick();
        await AppendAsync(other);
        Tick();
        var second = await AppendAsync(tenant);

        var page = await Store.Events.ListAsync(tenant, new EventQuery(), new PageRequest(10, null), Cancellation);

        page.Items.Select(item => item.Id).ShouldBe([second.Id, first.Id]);
        page.Items.ShouldAllBe(item => item.Payload == null);
        page.Next.ShouldBeNull();
    }

    [Fact]
    public async Task List_pages_are_stable_while_events_arrive()
    {
        var tenant = await NewTenantAsync();
        var made = new List<EventId>();
        for (var i = 0; i < 25; i++)
        {
            made.Add((await AppendAsync(tenant)).Id);
            Tick();
        }

        var listed = await AllPagesAsync(7, async page =>
        {
            var result = await Store.Events.ListAsync(tenant, new EventQuery(), page, Cancellation);
            await AppendAsync(tenant);
            Tick();
            return result;
        });

        listed.Select(item => item.Id).ShouldBe(made.AsEnumerable().Reverse());
    }

    [Fact]
    public async Task List_of_events_of_one_moment_pages_without_loss_or_repeat()
    {
        var tenant = await NewTenantAsync();
        await AppendManyAsync(tenant, 60);

        var listed = await AllPagesAsync(
            7, page => Store.Events.ListAsync(tenant, new EventQuery(), page, Cancellation));

        listed.Count.ShouldBe(60);
        listed.Select(item => item.Id).Distinct().Count().ShouldBe(60);
    }

    [Fact]
    public async Task List_filters_by_type_since_and_until()
    {
        var tenant = await NewTenantAsync();
        var a = await AppendAsync(tenant, "order.paid");
        Time.Advance(TimeSpan.FromMinutes(1));
        var middle = Now;
        var b = await AppendAsync(tenant, "order.shipped");
        Time.Advance(TimeSpan.FromMinutes(1));
        var c = await AppendAsync(tenant, "order.paid");

        (await IdsAsync(new EventQuery(Type: TypeOf("order.paid")))).ShouldBe([c.Id, a.Id]);
        (await IdsAsync(new EventQuery(Since: middle))).ShouldBe([c.Id, b.Id]);
        (await IdsAsync(new EventQuery(Until: middle))).ShouldBe([a.Id]);
        (await IdsAsync(new EventQuery(Since: middle, Until: Now))).ShouldBe([b.Id]);
        (await IdsAsync(new EventQuery(TypeOf("order.paid"), middle))).ShouldBe([c.Id]);
        (await IdsAsync(new EventQuery(Type: TypeOf("order")))).ShouldBeEmpty();

        async Task<IEnumerable<EventId>> IdsAsync(EventQuery query) =>
            (await Store.Events.ListAsync(tenant, query, new PageRequest(100, null), Cancellation)).Items.Select(item => item.Id);
    }

    [Fact]
    public async Task List_with_a_filter_pages_to_the_end()
    {
        var tenant = await NewTenantAsync();
        for (var i = 0; i < 40; i++)
        {
            await AppendAsync(tenant, i % 4 == 0 ? "rare.one" : "common.one");
            Tick();
        }

        var listed = await AllPagesAsync(
            3, page => Store.Events.ListAsync(tenant, new EventQuery(TypeOf("rare.one")), page, Cancellation));

        listed.Count.ShouldBe(10);
        listed.ShouldAllBe(item => item.Type == TypeOf("rare.one"));
    }

    [Fact]
    public async Task Accepted_events_outlive_a_restart()
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);
        var result = await AppendAsync(tenant);

        await Store.ReopenAsync();

        (await Store.Events.FindAsync(tenant, result.Id, Cancellation)).ShouldNotBeNull();
        (await ClaimAsync()).ShouldHaveSingleItem();
    }
}
