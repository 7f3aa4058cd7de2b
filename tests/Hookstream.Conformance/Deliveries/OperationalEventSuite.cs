using System.Text.Json;

namespace Hookstream.Conformance.Deliveries;

/// <summary>
/// The engine tells a tenant's subscribers what becomes of deliveries and endpoints, where a filter names it: committed with what
/// it tells of, and never about itself.
/// </summary>
public abstract class OperationalEventSuite : StoreSuite
{
    private const string DeadLettered = "hookstream.delivery.dead_lettered";
    private const string Disabled = "hookstream.endpoint.disabled";
    private const string CircuitOpened = "hookstream.endpoint.circuit_opened";
    private const string CircuitClosed = "hookstream.endpoint.circuit_closed";

    private static readonly TimeSpan Cooldown = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task Dead_letter_is_told_to_whom_names_it_and_to_nobody_else()
    {
        var tenant = await NewTenantAsync();
        var (subscriber, delivery) = await DeliverableAsync(tenant, SettingsOf("order.*"));
        var prefix = await SubscribeAsync(tenant, "hookstream.*");
        var narrower = await SubscribeAsync(tenant, "hookstream.delivery.*");
        var exact = await SubscribeAsync(tenant, DeadLettered);
        await SubscribeAsync(tenant, "*");
        await SubscribeAsync(tenant, Disabled);
        await SubscribeAsync(await NewTenantAsync("other"), "hookstream.*");

        await SettleAsync(DeadLetterOf(await ClaimOneAsync(), 3));

        var works = await LoadDueAsync();
        works.Select(work => work.Lease.Subscriber).ShouldBe([prefix.Id, narrower.Id, exact.Id], ignoreOrder: true);
        works.ShouldAllBe(work => work.EventType == TypeOf(DeadLettered) && work.Trigger == AttemptTrigger.Schedule);
        works.Select(work => work.Event).Distinct().ShouldHaveSingleItem();
        var data = DataOf(works[0]);
        data.GetProperty("delivery_id").GetString().ShouldBe(delivery.Id.ToString());
        data.GetProperty("event_id").GetString().ShouldBe(delivery.Event.ToString());
        data.GetProperty("event_type").GetString().ShouldBe("order.paid");
        data.GetProperty("subscriber_id").GetString().ShouldBe(subscriber.Id.ToString());
        data.GetProperty("attempt_count").GetInt32().ShouldBe(3);
        data.GetProperty("last_status_code").GetInt32().ShouldBe(500);
        data.GetProperty("last_error").GetProperty("code").GetString().ShouldBe("http_status");
        data.GetProperty("last_error").GetProperty("message").GetString().ShouldBe("the endpoint answered 500");
    }

    [Fact]
    public async Task Dead_letter_that_was_never_sent_is_told_with_nulls()
    {
        var tenant = await NewTenantAsync();
        await DeliverableAsync(tenant, SettingsOf("order.*"));
        await SubscribeAsync(tenant, DeadLettered);

        await SettleAsync(new Settlement
        {
            Lease = await ClaimOneAsync(),
            Disposition = Disposition.DeadLetter,
            Error = new DeliveryError("expired", "it waited \"too\" long\n"),
        });

        var data = DataOf((await LoadDueAsync()).ShouldHaveSingleItem());
        data.GetProperty("attempt_count").GetInt32().ShouldBe(0);
        data.GetProperty("last_status_code").ValueKind.ShouldBe(JsonValueKind.Null);
        data.GetProperty("last_error").GetProperty("message").GetString().ShouldBe("it waited \"too\" long\n");
    }

    [Fact]
    public async Task Each_dead_letter_of_a_batch_is_told_and_nothing_of_the_rest()
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant, "order.*");
        await AppendManyAsync(tenant, 6);
        var operations = await SubscribeAsync(tenant, "hookstream.*");
        var leases = await ClaimAsync();

        await SettleAsync(
            DeadLetterOf(leases[0]),
            DeliveredOf(leases[1]),
            DeadLetterOf(leases[2]),
            RetryOf(leases[3], TimeSpan.FromHours(1)),
            DeadLetterOf(leases[4]));

        var works = await LoadDueAsync();
        works.ShouldAllBe(work => work.Lease.Subscriber == operations.Id);
        works.Select(work => DataOf(work).GetProperty("delivery_id").GetString()).ShouldBe(
            new[] { leases[0], leases[2], leases[4] }.Select(lease => lease.Delivery.ToString()), ignoreOrder: true);
    }

    [Fact]
    public async Task Dead_letter_of_an_operational_event_is_told_to_nobody()
    {
        var tenant = await NewTenantAsync();
        await DeliverableAsync(tenant, SettingsOf("order.*"));
        await SubscribeAsync(tenant, "hookstream.*");
        await SubscribeAsync(tenant, "hookstream.*");
        await SettleAsync(DeadLetterOf(await ClaimOneAsync()));
        (await EventCountAsync(tenant)).ShouldBe(2);

        var leases = await ClaimAsync();
        leases.Count.ShouldBe(2);
        await SettleAsync([.. leases.Select(lease => DeadLetterOf(lease))]);

        (await ClaimAsync()).ShouldBeEmpty();
        (await EventCountAsync(tenant)).ShouldBe(2);
    }

    [Fact]
    public async Task Where_nobody_wants_to_know_nothing_is_stored()
    {
        var tenant = await NewTenantAsync();
        await DeliverableAsync(tenant, SettingsOf("*"));

        await SettleAsync(GoneOf(await ClaimOneAsync()));

        (await EventCountAsync(tenant)).ShouldBe(1);
    }

    [Fact]
    public async Task Disabled_endpoint_is_told_to_others_and_not_to_itself()
    {
        var tenant = await NewTenantAsync();
        var (gone, delivery) = await DeliverableAsync(tenant, SettingsOf("order.*", "hookstream.endpoint.*"));
        var other = await SubscribeAsync(tenant, "hookstream.*");

        await SettleAsync(GoneOf(await ClaimOneAsync()));

        var works = await LoadDueAsync();
        works.ShouldAllBe(work => work.Lease.Subscriber == other.Id);
        works.Select(work => work.EventType.Value).ShouldBe([DeadLettered, Disabled], ignoreOrder: true);
        var data = DataOf(works.Single(work => work.EventType.Value == Disabled));
        data.GetProperty("subscriber_id").GetString().ShouldBe(gone.Id.ToString());
        data.GetProperty("reason").GetString().ShouldBe("the endpoint answered 410 Gone");
        DataOf(works.Single(work => work.EventType.Value == DeadLettered))
            .GetProperty("delivery_id").GetString().ShouldBe(delivery.Id.ToString());
    }

    [Fact]
    public async Task Endpoint_whose_disabling_nobody_else_wants_leaves_no_event()
    {
        var tenant = await NewTenantAsync();
        await DeliverableAsync(tenant, SettingsOf("order.*", Disabled));

        await SettleAsync(GoneOf(await ClaimOneAsync()));

        (await EventCountAsync(tenant)).ShouldBe(1);
    }

    [Fact]
    public async Task Endpoint_is_told_to_be_disabled_once()
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant, "order.*");
        await AppendManyAsync(tenant, 3);
        await SubscribeAsync(tenant, Disabled);
        var leases = await ClaimAsync();

        await SettleAsync(GoneOf(leases[0]), GoneOf(leases[1]));
        await SettleAsync(GoneOf(leases[2]));

        (await LoadDueAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Outcome_that_comes_late_or_again_tells_nothing()
    {
        var tenant = await NewTenantAsync();
        await DeliverableAsync(tenant, SettingsOf("order.*"));
        var late = await ClaimOneAsync();
        Time.Advance(LeaseDuration + TimeSpan.FromSeconds(1));
        var taken = await ClaimOneAsync();
        await SubscribeAsync(tenant, "hookstream.*");

        await SettleAsync(GoneOf(late));

        (await ClaimAsync()).ShouldBeEmpty();
        var settlement = DeadLetterOf(taken, 2);
        await SettleAsync(settlement);
        await SettleAsync(settlement);
        (await ClaimAsync()).ShouldHaveSingleItem();
        (await EventCountAsync(tenant)).ShouldBe(2);
    }

    [Fact]
    public async Task Outcome_that_cannot_be_recorded_tells_nothing_and_keeps_no_other_from_being_told()
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant, "order.*");
        await SubscribeAsync(tenant, DeadLettered);
        await AppendManyAsync(tenant, 3);
        var leases = await ClaimAsync();
        var poison = await Store.MakePoisonousAsync(AttemptOf(1, AttemptOutcome.HttpStatus, 500));
        Assert.SkipWhen(poison is null, "capability gap: this back end has no attempt that it accepts and cannot write");

        await SettleAsync(
            DeadLetterOf(leases[0]), DeadLetterOf(leases[1]) with { Attempt = poison }, DeadLetterOf(leases[2]));

        (await LoadDueAsync()).Select(work => DataOf(work).GetProperty("delivery_id").GetString()).ShouldBe(
            new[] { leases[0], leases[2] }.Select(lease => lease.Delivery.ToString()), ignoreOrder: true);
        (await EventCountAsync(tenant)).ShouldBe(5);
    }

    [Fact]
    public async Task What_expires_behind_an_open_circuit_is_told()
    {
        var maxAge = TimeSpan.FromDays(3);
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant, SettingsOf("order.*") with { CircuitThreshold = 1, CircuitCooldown = TimeSpan.FromHours(24) });
        await AppendManyAsync(tenant, 3);
        await SettleAsync(RetryOf(await ClaimOneAsync(), TimeSpan.FromMinutes(1)));
        Time.Advance(maxAge + TimeSpan.FromMinutes(1));
        var operations = await SubscribeAsync(tenant, DeadLettered);

        (await Store.Maintenance.ExpireAsync(maxAge, Cancellation)).ShouldBe(3);

        var works = (await LoadDueAsync()).Where(work => work.Lease.Subscriber == operations.Id).ToList();
        works.Count.ShouldBe(3);
        works.ShouldAllBe(work => DataOf(work).GetProperty("last_error").GetProperty("code").GetString() == "expired");
    }

    [Fact]
    public async Task Event_is_there_after_a_restart_and_reads_like_any_other()
    {
        var tenant = await NewTenantAsync();
        await DeliverableAsync(tenant, SettingsOf("order.*"));
        var operations = await SubscribeAsync(tenant, "hookstream.*");
        await SettleAsync(DeadLetterOf(await ClaimOneAsync()));

        await ReopenAfterLeasesAsync();

        var work = (await LoadDueAsync()).ShouldHaveSingleItem();
        var stored = (await Store.Events.FindAsync(tenant, work.Event, Cancellation)).ShouldNotBeNull();
        stored.Type.ShouldBe(TypeOf(DeadLettered));
        stored.Payload.ShouldBe(work.Payload.ToArray());
        (await Store.Deliveries.OfEventAsync(tenant, work.Event, Cancellation))
            .ShouldHaveSingleItem().Delivery.Subscriber.ShouldBe(operations.Id);
        await SettleAsync(DeliveredOf(work.Lease));
        (await ReadAsync(tenant, work.Lease.Delivery)).Delivery.Status.ShouldBe(DeliveryStatus.Delivered);
    }

    [Fact]
    public async Task Event_waits_as_its_subscriber_asks()
    {
        var tenant = await NewTenantAsync();
        await DeliverableAsync(tenant, SettingsOf("order.*"));
        RetrySchedule.TryCreate([TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2)], out var schedule).ShouldBeTrue();
        await SubscribeAsync(tenant, SettingsOf("hookstream.*") with { RetrySchedule = schedule });

        await SettleAsync(DeadLetterOf(await ClaimOneAsync()));

        (await ClaimAsync()).ShouldBeEmpty();
        Time.Advance(TimeSpan.FromMinutes(1));
        (await ClaimAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Circuit_is_told_to_open_and_to_close_to_others_and_not_to_itself()
    {
        var tenant = await NewTenantAsync();
        var failing = await SubscribeAsync(tenant, WithThreshold(3, "order.*", "hookstream.*"));
        await AppendManyAsync(tenant, 4);
        var operations = await SubscribeAsync(tenant, "hookstream.endpoint.*");
        await SubscribeAsync(tenant, "*");
        await SubscribeAsync(await NewTenantAsync("other"), "hookstream.*");
        for (var i = 0; i < 2; i++)
            await SettleAsync(AgainAtOnce(await ClaimOneAsync()));
        (await EventCountAsync(tenant)).ShouldBe(4);
        var openedAt = Now;

        await SettleAsync(AgainAtOnce(await ClaimOneAsync()));

        var opened = (await LoadDueAsync()).ShouldHaveSingleItem();
        opened.Lease.Subscriber.ShouldBe(operations.Id);
        opened.EventType.ShouldBe(TypeOf(CircuitOpened));
        var data = DataOf(opened);
        data.GetProperty("subscriber_id").GetString().ShouldBe(failing.Id.ToString());
        data.GetProperty("failures").GetInt32().ShouldBe(3);
        data.GetProperty("opened_at").GetDateTimeOffset().ShouldBe(openedAt);
        data.GetProperty("next_probe_at").GetDateTimeOffset().ShouldBe(openedAt + Cooldown);
        await SettleAsync(DeliveredOf(opened.Lease));

        // It is as open as before: of a probe that fails nothing is told.
        Time.Advance(Cooldown);
        await SettleAsync(await AtEpochAsync(tenant, AgainAtOnce(await ClaimOneAsync())));
        (await LoadDueAsync()).ShouldBeEmpty();

        Time.Advance(Cooldown);
        await SettleAsync(await AtEpochAsync(tenant, DeliveredOf(await ClaimOneAsync())));

        var closed = (await LoadDueAsync()).Single(work => work.Lease.Subscriber != failing.Id);
        closed.Lease.Subscriber.ShouldBe(operations.Id);
        closed.EventType.ShouldBe(TypeOf(CircuitClosed));
        DataOf(closed).GetProperty("subscriber_id").GetString().ShouldBe(failing.Id.ToString());
        DataOf(closed).GetProperty("opened_at").GetDateTimeOffset().ShouldBe(openedAt);
        (await EventCountAsync(tenant)).ShouldBe(6);
    }

    [Theory]
    [InlineData("xxxxxx")]
    [InlineData("x.xxxx")]
    [InlineData("x.xx.xxxx.")]
    public async Task Circuit_that_a_batch_opens_is_told_once_with_the_failures_that_opened_it(string outcomes)
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant, WithThreshold(3, "order.*"));
        await AppendManyAsync(tenant, outcomes.Length);
        await SubscribeAsync(tenant, CircuitOpened);
        var leases = await ClaimAsync();

        await SettleAsync([.. leases.Select((lease, i) => outcomes[i] == 'x' ? AgainAtOnce(lease) : DeliveredOf(lease))]);

        DataOf((await LoadDueAsync()).ShouldHaveSingleItem()).GetProperty("failures").GetInt32().ShouldBe(3);
    }

    [Fact]
    public async Task Circuits_that_open_together_are_each_told_to_whom_they_are_not()
    {
        var tenant = await NewTenantAsync();
        var both = new[]
        {
            await SubscribeAsync(tenant, WithThreshold(1, "order.*", "hookstream.*")),
            await SubscribeAsync(tenant, WithThreshold(1, "order.*", "hookstream.*")),
        };
        await AppendAsync(tenant);
        var operations = await SubscribeAsync(tenant, CircuitOpened);

        await SettleAsync([.. (await ClaimAsync()).Select(lease => AgainAtOnce(lease))]);

        // What they tell each other waits behind their circuits.
        var works = await LoadDueAsync();
        works.ShouldAllBe(work => work.Lease.Subscriber == operations.Id);
        works.Select(work => DataOf(work).GetProperty("subscriber_id").GetString())
            .ShouldBe(both.Select(subscriber => subscriber.Id.ToString()), ignoreOrder: true);
        foreach (var work in works)
        {
            var about = DataOf(work).GetProperty("subscriber_id").GetString();
            (await Store.Deliveries.OfEventAsync(tenant, work.Event, Cancellation))
                .Select(detail => detail.Delivery.Subscriber)
                .ShouldBe([operations.Id, both.Single(subscriber => subscriber.Id.ToString() != about).Id], ignoreOrder: true);
        }
    }

    [Fact]
    public async Task Reset_of_an_open_circuit_is_told_and_of_a_closed_one_is_not()
    {
        var tenant = await NewTenantAsync();
        var failing = await SubscribeAsync(tenant, WithThreshold(1, "order.*", "hookstream.*"));
        await AppendAsync(tenant);
        var operations = await SubscribeAsync(tenant, CircuitClosed);
        await Store.Subscribers.ResetCircuitAsync(tenant, failing.Id, Cancellation);
        (await EventCountAsync(tenant)).ShouldBe(1);
        await SettleAsync(await AtEpochAsync(tenant, RetryOf(await ClaimOneAsync(), TimeSpan.FromDays(60))));
        var openedAt = Now;
        // On a day on which nothing has been stored yet.
        Time.Advance(TimeSpan.FromDays(30));

        await Store.Subscribers.ResetCircuitAsync(tenant, failing.Id, Cancellation);
        await Store.Subscribers.ResetCircuitAsync(tenant, failing.Id, Cancellation);

        var closed = (await LoadDueAsync()).ShouldHaveSingleItem();
        closed.Lease.Subscriber.ShouldBe(operations.Id);
        DataOf(closed).GetProperty("subscriber_id").GetString().ShouldBe(failing.Id.ToString());
        DataOf(closed).GetProperty("opened_at").GetDateTimeOffset().ShouldBe(openedAt);
        (await EventCountAsync(tenant)).ShouldBe(2);
    }

    [Fact]
    public async Task Circuit_that_nobody_else_wants_to_know_of_leaves_no_event()
    {
        var tenant = await NewTenantAsync();
        var failing = await SubscribeAsync(tenant, WithThreshold(1, "order.*", "hookstream.*"));
        await SubscribeAsync(tenant, DeadLettered);
        await AppendManyAsync(tenant, 2);

        await SettleAsync(AgainAtOnce(await ClaimOneAsync()));
        Time.Advance(Cooldown);
        await SettleAsync(await AtEpochAsync(tenant, DeliveredOf(await ClaimOneAsync())));
        await SettleAsync(await AtEpochAsync(tenant, AgainAtOnce(await ClaimOneAsync())));
        await Store.Subscribers.ResetCircuitAsync(tenant, failing.Id, Cancellation);

        (await EventCountAsync(tenant)).ShouldBe(2);
    }

    [Fact]
    public async Task Results_that_change_no_circuit_tell_nothing()
    {
        var tenant = await NewTenantAsync();
        var failing = await SubscribeAsync(tenant, WithThreshold(1, "order.*"));
        await AppendManyAsync(tenant, 4);
        await SubscribeAsync(tenant, "hookstream.endpoint.*");
        var inFlight = await ClaimAsync();
        await SettleAsync(AgainAtOnce(inFlight[0]));
        (await EventCountAsync(tenant)).ShouldBe(5);

        // Sent before it opened, and before it was reset.
        await SettleAsync(AgainAtOnce(inFlight[1]), DeliveredOf(inFlight[2]));
        await Store.Subscribers.ResetCircuitAsync(tenant, failing.Id, Cancellation);
        (await EventCountAsync(tenant)).ShouldBe(6);
        await SettleAsync(AgainAtOnce(inFlight[3]));

        (await EventCountAsync(tenant)).ShouldBe(6);
    }

    [Fact]
    public async Task Failure_that_cannot_be_recorded_opens_no_circuit_and_keeps_no_other_from_being_told()
    {
        var tenant = await NewTenantAsync();
        var failing = await SubscribeAsync(tenant, WithThreshold(2, "order.*"));
        await SubscribeAsync(tenant, CircuitOpened);
        await AppendManyAsync(tenant, 3);
        var leases = await ClaimAsync();
        var poison = await Store.MakePoisonousAsync(AttemptOf(1, AttemptOutcome.HttpStatus, 500));
        Assert.SkipWhen(poison is null, "capability gap: this back end has no attempt that it accepts and cannot write");

        await SettleAsync(AgainAtOnce(leases[0]), AgainAtOnce(leases[1]) with { Attempt = poison });
        (await Store.Subscribers.FindAsync(tenant, failing.Id, Cancellation))!.Gate.Circuit.IsOpen.ShouldBeFalse();
        (await EventCountAsync(tenant)).ShouldBe(3);
        await SettleAsync(AgainAtOnce(leases[2]));

        (await Store.Subscribers.FindAsync(tenant, failing.Id, Cancellation))!.Gate.Circuit.IsOpen.ShouldBeTrue();
        DataOf((await LoadDueAsync()).ShouldHaveSingleItem()).GetProperty("failures").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task Endpoint_whose_probes_have_failed_for_too_long_is_told_to_be_disabled()
    {
        var disableAfter = TimeSpan.FromDays(5);
        var tenant = await NewTenantAsync();
        var failing = await SubscribeAsync(tenant, WithThreshold(1, "order.*"));
        await AppendManyAsync(tenant, 2);
        await SettleAsync(AgainAtOnce(await ClaimOneAsync()));
        var operations = await SubscribeAsync(tenant, "hookstream.endpoint.*");
        RetrySchedule.TryCreate([TimeSpan.Zero, TimeSpan.FromHours(1), TimeSpan.FromHours(1), TimeSpan.FromHours(1)], out var schedule)
            .ShouldBeTrue();

        foreach (var wait in new[] { disableAfter - TimeSpan.FromMinutes(1), TimeSpan.FromHours(1) })
        {
            (await EventCountAsync(tenant)).ShouldBe(2);
            Time.Advance(wait);
            var probe = await LoadOneAsync(await ClaimOneAsync());
            probe.Lease.IsProbe.ShouldBeTrue();
            await SettleAsync(RetryPolicy.Decide(
                probe, AttemptOf(probe.AttemptCount + 1, AttemptOutcome.HttpStatus, 500), null, schedule!, 0, disableAfter));
        }

        var told = (await LoadDueAsync()).ShouldHaveSingleItem();
        told.Lease.Subscriber.ShouldBe(operations.Id);
        told.EventType.ShouldBe(TypeOf(Disabled));
        DataOf(told).GetProperty("subscriber_id").GetString().ShouldBe(failing.Id.ToString());
        DataOf(told).GetProperty("reason").GetString().ShouldBe("everything sent to it for 5d has failed");
    }

    private static SubscriberSettings WithThreshold(int threshold, params string[] filters) =>
        SettingsOf(filters) with { CircuitThreshold = threshold, CircuitCooldown = Cooldown };

    private Settlement AgainAtOnce(Lease lease) => RetryOf(lease, TimeSpan.Zero);

    // As if it had been sent just now.
    private async Task<Settlement> AtEpochAsync(TenantId tenant, Settlement settlement) => settlement with
    {
        CircuitEpoch = (await Store.Subscribers.FindAsync(tenant, settlement.Lease.Subscriber, Cancellation))!.Gate.Circuit.Epoch,
    };

    private async Task<IReadOnlyList<DeliveryWork>> LoadDueAsync() =>
        await Store.Deliveries.LoadAsync(await ClaimAsync(), Cancellation);

    private static JsonElement DataOf(DeliveryWork work) => JsonElement.Parse(work.Payload.Span);

    private async Task<int> EventCountAsync(TenantId tenant) =>
        (await Store.Events.ListAsync(tenant, new EventQuery(), new PageRequest(100, null), Cancellation)).Items.Count;
}
