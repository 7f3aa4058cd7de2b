namespace Hookstream.Conformance.Deliveries;

/// <summary>A shut gate holds an endpoint's deliveries without touching them; an open one lets them go.</summary>
public abstract class EndpointGateSuite : StoreSuite
{
    [Fact]
    public async Task Paused_endpoint_is_claimed_nothing_until_it_is_resumed()
    {
        var tenant = await NewTenantAsync();
        var (subscriber, _) = await DeliverableAsync(tenant);
        await AppendManyAsync(tenant, 9);

        await Store.Subscribers.SetPausedAsync(tenant, subscriber.Id, true, Cancellation);
        (await ClaimAsync()).ShouldBeEmpty();
        Time.Advance(TimeSpan.FromHours(1));
        (await ClaimAsync()).ShouldBeEmpty();

        await Store.Subscribers.SetPausedAsync(tenant, subscriber.Id, false, Cancellation);
        (await ClaimAsync()).Count.ShouldBe(10);
    }

    [Fact]
    public async Task Pause_holds_what_is_appended_after_it_and_outlives_a_restart()
    {
        var tenant = await NewTenantAsync();
        var subscriber = await SubscribeAsync(tenant);
        await Store.Subscribers.SetPausedAsync(tenant, subscriber.Id, true, Cancellation);
        await AppendManyAsync(tenant, 3);

        await Store.ReopenAsync();

        (await ClaimAsync()).ShouldBeEmpty();
        await Store.Subscribers.SetPausedAsync(tenant, subscriber.Id, false, Cancellation);
        (await ClaimAsync()).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Pause_of_one_endpoint_holds_no_other()
    {
        var tenant = await NewTenantAsync();
        var paused = await SubscribeAsync(tenant);
        var open = await SubscribeAsync(tenant);
        await AppendManyAsync(tenant, 3);

        await Store.Subscribers.SetPausedAsync(tenant, paused.Id, true, Cancellation);

        var leases = await ClaimAsync();
        leases.Count.ShouldBe(3);
        leases.ShouldAllBe(lease => lease.Subscriber == open.Id);
    }

    [Fact]
    public async Task Pause_while_claimed_lets_the_send_be_settled()
    {
        var tenant = await NewTenantAsync();
        var (subscriber, delivery) = await DeliverableAsync(tenant);
        var lease = await ClaimOneAsync();

        await Store.Subscribers.SetPausedAsync(tenant, subscriber.Id, true, Cancellation);
        await SettleAsync(DeliveredOf(lease));

        var detail = await ReadAsync(tenant, delivery.Id);
        detail.Delivery.Status.ShouldBe(DeliveryStatus.Delivered);
        detail.Attempts.ShouldHaveSingleItem().Late.ShouldBeFalse();
    }

    [Fact]
    public async Task What_waits_to_be_sent_finds_its_endpoint_while_it_is_open()
    {
        var tenant = await NewTenantAsync();
        var subscriber = await SubscribeAsync(tenant);
        Store.Deliveries.FindOpen(tenant, subscriber.Id)!.Subscriber.Settings.Url.ShouldBe(subscriber.Settings.Url);
        Store.Deliveries.FindOpen(await NewTenantAsync(), subscriber.Id).ShouldBeNull();

        await Store.Subscribers.SetPausedAsync(tenant, subscriber.Id, true, Cancellation);
        Store.Deliveries.FindOpen(tenant, subscriber.Id).ShouldBeNull();
        await Store.Subscribers.SetPausedAsync(tenant, subscriber.Id, false, Cancellation);
        var url = new Uri("https://example.com/changed");
        await Store.Subscribers.UpdateAsync(tenant, subscriber.Id, settings => settings with { Url = url }, Cancellation);
        Store.Deliveries.FindOpen(tenant, subscriber.Id)!.Subscriber.Settings.Url.ShouldBe(url);

        await Store.Subscribers.DeleteAsync(tenant, subscriber.Id, Cancellation);
        Store.Deliveries.FindOpen(tenant, subscriber.Id).ShouldBeNull();
    }

    [Fact]
    public async Task Pause_while_claimed_holds_the_retry()
    {
        var tenant = await NewTenantAsync();
        var (subscriber, delivery) = await DeliverableAsync(tenant);
        var lease = await ClaimOneAsync();
        await Store.Subscribers.SetPausedAsync(tenant, subscriber.Id, true, Cancellation);
        await SettleAsync(RetryOf(lease, TimeSpan.FromSeconds(1)));

        Time.Advance(TimeSpan.FromMinutes(1));

        (await ClaimAsync()).ShouldBeEmpty();
        (await ReadAsync(tenant, delivery.Id)).Delivery.Status.ShouldBe(DeliveryStatus.Held);
        await Store.Subscribers.SetPausedAsync(tenant, subscriber.Id, false, Cancellation);
        (await ClaimAsync()).ShouldHaveSingleItem().Delivery.ShouldBe(delivery.Id);
    }

    [Fact]
    public async Task After_a_pause_has_completed_no_concurrent_claim_takes_anything()
    {
        var tenant = await NewTenantAsync();
        var subscriber = await SubscribeAsync(tenant);
        await AppendManyAsync(tenant, 400);
        for (var round = 0; round < 10; round++)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            var claiming = Task.Run(async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    await Store.Queue.ReleaseAsync(await ClaimAsync(slots: 10), Cancellation);
                    await Task.Yield();
                }
            });
            await Store.Subscribers.SetPausedAsync(tenant, subscriber.Id, true, Cancellation);

            (await ClaimAsync()).ShouldBeEmpty();

            await Store.Subscribers.SetPausedAsync(tenant, subscriber.Id, false, Cancellation);
            await stop.CancelAsync();
            await claiming;
        }

        (await ClaimAsync(slots: 1_000, perEndpoint: 1_000)).Count.ShouldBe(400);
    }

    [Fact]
    public async Task Unverified_endpoint_that_must_be_verified_is_claimed_nothing_until_it_is()
    {
        var tenant = await NewTenantAsync();
        var settings = SettingsOf("*") with { Verification = VerificationMode.Required };
        var (subscriber, delivery) = await DeliverableAsync(tenant, settings);
        subscriber.Gate.Status.ShouldBe(SubscriberStatus.PendingVerification);

        (await ClaimAsync()).ShouldBeEmpty();
        var held = (await ReadAsync(tenant, delivery.Id)).Delivery;
        held.Status.ShouldBe(DeliveryStatus.Held);
        held.HoldReason.ShouldBe(HoldReason.Unverified);

        await Store.Subscribers.RecordChallengeAsync(tenant, subscriber.Id, settings.Url, true, 0, null, Cancellation);
        (await ClaimAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Unverified_endpoint_that_need_not_be_verified_is_open()
    {
        var tenant = await NewTenantAsync();
        await DeliverableAsync(tenant, SettingsOf("*") with { Verification = VerificationMode.Optional });

        (await ClaimAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Deployment_that_requires_verification_holds_every_unverified_endpoint()
    {
        await using var strict = await CreateAsync(Time, VerificationMode.Required);
        var tenant = (await strict.Tenants.CreateAsync(new TenantSettings("acme", null, null, false), Cancellation)).Tenant!.Id;
        var subscriber = await strict.Subscribers.CreateAsync(tenant, SettingsOf("*"), SigningSecret.Generate(), Cancellation);
        await strict.Events.AppendAsync(NewEventOf(tenant), Cancellation);
        var request = new ClaimRequest(10, 10, new Dictionary<SubscriberId, int>(), LeaseDuration);

        subscriber.Gate.Status.ShouldBe(SubscriberStatus.PendingVerification);
        (await strict.Queue.ClaimAsync(request, Cancellation)).ShouldBeEmpty();

        await strict.Subscribers.RecordChallengeAsync(tenant, subscriber.Id, subscriber.Settings.Url, true, 0, null, Cancellation);
        (await strict.Queue.ClaimAsync(request, Cancellation)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Deleted_endpoint_is_claimed_nothing()
    {
        var tenant = await NewTenantAsync();
        var (subscriber, _) = await DeliverableAsync(tenant);

        await Store.Subscribers.DeleteAsync(tenant, subscriber.Id, Cancellation);

        (await ClaimAsync()).ShouldBeEmpty();
        await Store.ReopenAsync();
        (await ClaimAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Disabled_endpoint_is_claimed_nothing_and_open_for_new_events_once_enabled()
    {
        var tenant = await NewTenantAsync();
        var (subscriber, first) = await DeliverableAsync(tenant);
        Tick();
        await AppendManyAsync(tenant, 5);
        await SettleAsync(GoneOf(await ClaimOneAsync()));

        (await ClaimAsync()).ShouldBeEmpty();
        var disabled = await Store.Subscribers.FindAsync(tenant, subscriber.Id, Cancellation);
        disabled!.Gate.Status.ShouldBe(SubscriberStatus.Disabled);
        disabled.Gate.DisabledReason.ShouldBe("the endpoint answered 410 Gone");

        var enabled = await Store.Subscribers.SetPausedAsync(tenant, subscriber.Id, false, Cancellation);
        enabled.ShouldNotBeNull().Gate.Status.ShouldBe(SubscriberStatus.Active);
        (await ClaimAsync()).ShouldBeEmpty("what was pending when it was disabled was cancelled");
        Tick();
        var fresh = await AppendAsync(tenant);
        fresh.EnqueuedCount.ShouldBe(1);
        var lease = (await ClaimAsync()).ShouldHaveSingleItem();
        (await LoadOneAsync(lease)).Event.ShouldBe(fresh.Id);
        (await ReadAsync(tenant, first.Id)).Delivery.Status.ShouldBe(DeliveryStatus.DeadLetter);
    }

    [Fact]
    public async Task Blocked_endpoint_is_claimed_nothing_until_the_wait_is_over()
    {
        var tenant = await NewTenantAsync();
        await DeliverableAsync(tenant);
        Tick();
        await AppendManyAsync(tenant, 3);
        var wait = TimeSpan.FromSeconds(60);
        await SettleAsync(RetryOf(await ClaimOneAsync(), wait) with { BlockEndpointFor = wait });

        (await ClaimAsync()).ShouldBeEmpty();
        await Store.ReopenAsync();
        (await ClaimAsync()).ShouldBeEmpty();
        Time.Advance(wait - TimeSpan.FromMilliseconds(1));
        (await ClaimAsync()).ShouldBeEmpty();
        Time.Advance(TimeSpan.FromMilliseconds(1));
        (await ClaimAsync()).Count.ShouldBe(4);
    }

    [Fact]
    public async Task Block_is_never_shortened_by_a_later_one()
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);
        await AppendManyAsync(tenant, 3);
        var leases = await ClaimAsync(slots: 2);
        await SettleAsync(RetryOf(leases[0], TimeSpan.FromSeconds(1)) with { BlockEndpointFor = TimeSpan.FromMinutes(10) });
        await SettleAsync(RetryOf(leases[1], TimeSpan.FromSeconds(1)) with { BlockEndpointFor = TimeSpan.FromSeconds(5) });

        Time.Advance(TimeSpan.FromMinutes(9));
        (await ClaimAsync()).ShouldBeEmpty();
        Time.Advance(TimeSpan.FromMinutes(1));
        (await ClaimAsync()).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Block_of_one_endpoint_holds_no_other()
    {
        var tenant = await NewTenantAsync();
        var blocked = await SubscribeAsync(tenant, "a.*");
        await SubscribeAsync(tenant, "b.*");
        await AppendAsync(tenant, "a.x");
        var lease = await ClaimOneAsync();
        await SettleAsync(RetryOf(lease, TimeSpan.FromSeconds(1)) with { BlockEndpointFor = TimeSpan.FromMinutes(10) });

        await AppendAsync(tenant, "a.x");
        await AppendAsync(tenant, "b.x");

        (await ClaimAsync()).ShouldHaveSingleItem().Subscriber.ShouldNotBe(blocked.Id);
    }

    [Fact]
    public async Task Opening_the_gate_is_remembered_for_the_maximum_age()
    {
        var tenant = await NewTenantAsync();
        var (subscriber, _) = await DeliverableAsync(tenant);
        await Store.Subscribers.SetPausedAsync(tenant, subscriber.Id, true, Cancellation);
        Time.Advance(TimeSpan.FromDays(10));

        await Store.Subscribers.SetPausedAsync(tenant, subscriber.Id, false, Cancellation);

        var opened = Now;
        await Store.ReopenAsync();
        var work = await LoadOneAsync(await ClaimOneAsync());
        work.Endpoint.Subscriber.Gate.OpenedAt.ShouldBe(opened);
        work.WaitingSince.ShouldBeLessThan(opened);
        RetryPolicy.Expire(work, TimeSpan.FromDays(3), Now).ShouldBeNull();
    }
}
