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

    private async Task<IReadOnlyList<DeliveryWork>> LoadDueAsync() =>
        await Store.Deliveries.LoadAsync(await ClaimAsync(), Cancellation);

    private static JsonElement DataOf(DeliveryWork work) => JsonElement.Parse(work.Payload.Span);

    private async Task<int> EventCountAsync(TenantId tenant) =>
        (await Store.Events.ListAsync(tenant, new EventQuery(), new PageRequest(100, null), Cancellation)).Items.Count;
}
