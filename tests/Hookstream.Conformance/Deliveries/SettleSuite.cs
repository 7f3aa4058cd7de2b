using System.Text;

namespace Hookstream.Conformance.Deliveries;

/// <summary>What a worker loads before a send, and what becomes of a delivery after it.</summary>
public abstract class SettleSuite : StoreSuite
{
    [Fact]
    public async Task Load_answers_all_that_is_needed_to_send()
    {
        var tenant = await NewTenantAsync();
        var secret = SigningSecret.Generate();
        var settings = SettingsOf("*") with { Timeout = TimeSpan.FromSeconds(7), PayloadFormat = PayloadFormat.Raw };
        var subscriber = await Store.Subscribers.CreateAsync(tenant, settings, secret, Cancellation);
        var happened = Now - TimeSpan.FromHours(1);
        var appended = await Store.Events.AppendAsync(
            NewEventOf(tenant, "order.paid", """{ "a": 1 }""") with { Timestamp = happened }, Cancellation);

        var lease = await ClaimOneAsync();
        var work = await LoadOneAsync(lease);

        work.Lease.ShouldBe(lease);
        work.Event.ShouldBe(appended.Id);
        work.EventType.ShouldBe(TypeOf("order.paid"));
        work.EventTimestamp.ShouldBe(happened);
        Encoding.UTF8.GetString(work.Payload.Span).ShouldBe("""{ "a": 1 }""");
        work.AttemptCount.ShouldBe(0);
        work.Failures.ShouldBe(0);
        work.Trigger.ShouldBe(AttemptTrigger.Schedule);
        work.WaitingSince.ShouldBe(Now);
        work.Endpoint.Id.ShouldBe(subscriber.Id);
        work.Endpoint.Subscriber.Settings.Timeout.ShouldBe(TimeSpan.FromSeconds(7));
        work.Endpoint.Subscriber.Settings.PayloadFormat.ShouldBe(PayloadFormat.Raw);
        work.Endpoint.Secrets.Current.Text.ShouldBe(secret.Text);
    }

    [Fact]
    public async Task Load_of_many_answers_each_with_its_own_payload()
    {
        var one = await NewTenantAsync("one");
        var two = await NewTenantAsync("two");
        await SubscribeAsync(one);
        await SubscribeAsync(two);
        await AppendManyAsync(one, 100);
        await AppendManyAsync(two, 100);
        var leases = await ClaimAsync(slots: 200);

        var works = await Store.Deliveries.LoadAsync(leases, Cancellation);

        works.Select(work => work.Lease).ShouldBe(leases, ignoreOrder: true);
        foreach (var work in works)
        {
            var found = await Store.Events.FindAsync(work.Lease.Tenant, work.Event, Cancellation);
            work.Payload.Span.SequenceEqual(found!.Payload).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Settle_delivered_finishes_the_delivery()
    {
        var tenant = await NewTenantAsync();
        var (_, delivery) = await DeliverableAsync(tenant);
        var started = Now;
        var settlement = DeliveredOf(await ClaimOneAsync());
        Tick();

        await SettleAsync(settlement);

        var settled = (await ReadAsync(tenant, delivery.Id)).Delivery;
        settled.Status.ShouldBe(DeliveryStatus.Delivered);
        settled.AttemptCount.ShouldBe(1);
        settled.LastAttemptAt.ShouldBe(started);
        settled.LastStatusCode.ShouldBe(200);
        settled.LastError.ShouldBeNull();
        settled.NextAttemptAt.ShouldBeNull();
        settled.FinishedAt.ShouldBe(Now);
        Time.Advance(TimeSpan.FromDays(1));
        (await ClaimAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Settle_retry_schedules_the_next_attempt_and_spends_budget()
    {
        var tenant = await NewTenantAsync();
        var (_, delivery) = await DeliverableAsync(tenant);

        await SettleAsync(RetryOf(await ClaimOneAsync(), TimeSpan.FromSeconds(30)));

        var settled = (await ReadAsync(tenant, delivery.Id)).Delivery;
        settled.Status.ShouldBe(DeliveryStatus.Failed);
        settled.NextAttemptAt.ShouldBe(Now + TimeSpan.FromSeconds(30));
        settled.LastStatusCode.ShouldBe(500);
        settled.LastError.ShouldBe(new DeliveryError("http_status", "the endpoint answered 500"));
        settled.FinishedAt.ShouldBeNull();

        Time.Advance(TimeSpan.FromSeconds(30));
        var work = await LoadOneAsync(await ClaimOneAsync());
        work.AttemptCount.ShouldBe(1);
        work.Failures.ShouldBe(1);
        work.Trigger.ShouldBe(AttemptTrigger.Schedule);
        await SettleAsync(RetryOf(work.Lease, TimeSpan.FromSeconds(30), number: 2));
        Time.Advance(TimeSpan.FromSeconds(30));
        work = await LoadOneAsync(await ClaimOneAsync());
        work.AttemptCount.ShouldBe(2);
        work.Failures.ShouldBe(2);
    }

    [Fact]
    public async Task Settle_delivered_after_failures_clears_the_error_and_keeps_the_attempts()
    {
        var tenant = await NewTenantAsync();
        var (_, delivery) = await DeliverableAsync(tenant);
        await SettleAsync(RetryOf(await ClaimOneAsync(), TimeSpan.FromSeconds(1)));
        Time.Advance(TimeSpan.FromSeconds(1));

        await SettleAsync(DeliveredOf(await ClaimOneAsync(), number: 2));

        var detail = await ReadAsync(tenant, delivery.Id);
        detail.Delivery.Status.ShouldBe(DeliveryStatus.Delivered);
        detail.Delivery.LastError.ShouldBeNull();
        detail.Delivery.AttemptCount.ShouldBe(2);
        detail.Attempts.Select(attempt => attempt.Number).ShouldBe([1, 2]);
        detail.Attempts.Select(attempt => attempt.Outcome).ShouldBe([AttemptOutcome.HttpStatus, AttemptOutcome.Delivered]);
    }

    [Fact]
    public async Task Settle_dead_letter_ends_the_schedule()
    {
        var tenant = await NewTenantAsync();
        var (_, delivery) = await DeliverableAsync(tenant);

        await SettleAsync(DeadLetterOf(await ClaimOneAsync()));

        var settled = (await ReadAsync(tenant, delivery.Id)).Delivery;
        settled.Status.ShouldBe(DeliveryStatus.DeadLetter);
        settled.LastError.ShouldNotBeNull().Code.ShouldBe("http_status");
        settled.FinishedAt.ShouldBe(Now);
        settled.NextAttemptAt.ShouldBeNull();
        Time.Advance(TimeSpan.FromDays(1));
        (await ClaimAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Settle_expired_without_an_attempt_records_none()
    {
        var tenant = await NewTenantAsync();
        var (_, delivery) = await DeliverableAsync(tenant);
        Time.Advance(TimeSpan.FromDays(4));
        var work = await LoadOneAsync(await ClaimOneAsync());

        await SettleAsync(RetryPolicy.Expire(work, TimeSpan.FromDays(3), Now).ShouldNotBeNull());

        var detail = await ReadAsync(tenant, delivery.Id);
        detail.Delivery.Status.ShouldBe(DeliveryStatus.DeadLetter);
        detail.Delivery.LastError.ShouldNotBeNull().Code.ShouldBe("expired");
        detail.Delivery.AttemptCount.ShouldBe(0);
        detail.Attempts.ShouldBeEmpty();
    }

    [Fact]
    public async Task Settle_release_records_the_interruption_and_spends_no_budget()
    {
        var tenant = await NewTenantAsync();
        var (_, delivery) = await DeliverableAsync(tenant);
        var lease = await ClaimOneAsync();

        await SettleAsync(new Settlement
        {
            Lease = lease,
            Attempt = AttemptOf(1, AttemptOutcome.Interrupted),
            Disposition = Disposition.Release,
            Error = new DeliveryError("interrupted", "cut off by a shutdown"),
        });

        var detail = await ReadAsync(tenant, delivery.Id);
        detail.Delivery.Status.ShouldBe(DeliveryStatus.Pending);
        detail.Delivery.AttemptCount.ShouldBe(1);
        detail.Delivery.FinishedAt.ShouldBeNull();
        detail.Attempts.ShouldHaveSingleItem().Outcome.ShouldBe(AttemptOutcome.Interrupted);
        var work = await LoadOneAsync(await ClaimOneAsync());
        work.AttemptCount.ShouldBe(1);
        work.Failures.ShouldBe(0);
    }

    [Fact]
    public async Task Settle_release_without_an_attempt_leaves_the_delivery_as_it_was()
    {
        var tenant = await NewTenantAsync();
        var (_, delivery) = await DeliverableAsync(tenant);
        await SettleAsync(RetryOf(await ClaimOneAsync(), TimeSpan.FromSeconds(1)));
        Time.Advance(TimeSpan.FromSeconds(1));

        await SettleAsync(new Settlement { Lease = await ClaimOneAsync(), Disposition = Disposition.Release });

        var detail = await ReadAsync(tenant, delivery.Id);
        detail.Delivery.Status.ShouldBe(DeliveryStatus.Failed);
        detail.Delivery.AttemptCount.ShouldBe(1);
        detail.Attempts.ShouldHaveSingleItem();
        (await LoadOneAsync(await ClaimOneAsync())).Failures.ShouldBe(1);
    }

    [Fact]
    public async Task Settle_records_every_field_of_an_attempt()
    {
        var tenant = await NewTenantAsync();
        var (_, delivery) = await DeliverableAsync(tenant);
        byte[] body = [0x00, 0xff, 0xfe, .. Encoding.UTF8.GetBytes(new string('x', Attempt.MaxResponseBody - 3))];
        var attempt = new Attempt
        {
            Id = AttemptId.New(Now),
            Number = 1,
            Trigger = AttemptTrigger.Schedule,
            StartedAt = Now + TimeSpan.FromMilliseconds(7),
            Duration = TimeSpan.FromMilliseconds(1234),
            Outcome = AttemptOutcome.HttpStatus,
            StatusCode = 503,
            Error = "the endpoint answered 503 – später",
            RequestHeaders = """{"webhook-id":"evt_1"}"""u8.ToArray(),
            ResponseHeaders = """{"retry-after":"30"}"""u8.ToArray(),
            ResponseBody = body,
            ResponseTruncated = true,
        };

        await SettleAsync(RetryOf(await ClaimOneAsync(), TimeSpan.FromSeconds(30)) with { Attempt = attempt });
        await Store.ReopenAsync();

        var stored = (await ReadAsync(tenant, delivery.Id)).Attempts.ShouldHaveSingleItem();
        stored.Id.ShouldBe(attempt.Id);
        stored.Number.ShouldBe(1);
        stored.Trigger.ShouldBe(AttemptTrigger.Schedule);
        stored.StartedAt.ShouldBe(attempt.StartedAt);
        stored.Duration.ShouldBe(attempt.Duration);
        stored.Outcome.ShouldBe(AttemptOutcome.HttpStatus);
        stored.StatusCode.ShouldBe(503);
        stored.Error.ShouldBe(attempt.Error);
        stored.RequestHeaders.ToArray().ShouldBe(attempt.RequestHeaders.ToArray());
        stored.ResponseHeaders.ToArray().ShouldBe(attempt.ResponseHeaders.ToArray());
        stored.ResponseBody.ShouldNotBeNull().ToArray().ShouldBe(body);
        stored.ResponseTruncated.ShouldBeTrue();
        stored.Late.ShouldBeFalse();
    }

    [Fact]
    public async Task Settle_tells_no_response_from_an_empty_one()
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);
        await AppendManyAsync(tenant, 2);
        var leases = await ClaimAsync();
        var none = AttemptOf(1, AttemptOutcome.ConnectionRefused);
        var empty = AttemptOf(1, AttemptOutcome.HttpStatus, 500) with { ResponseBody = ReadOnlyMemory<byte>.Empty };

        await SettleAsync(
            RetryOf(leases[0], TimeSpan.FromSeconds(1)) with { Attempt = none },
            RetryOf(leases[1], TimeSpan.FromSeconds(1)) with { Attempt = empty });

        var refused = (await ReadAsync(tenant, leases[0].Delivery)).Attempts.Single();
        refused.StatusCode.ShouldBeNull();
        refused.ResponseBody.ShouldBeNull();
        refused.ResponseHeaders.Length.ShouldBe(0);
        (await ReadAsync(tenant, leases[1].Delivery)).Attempts.Single().ResponseBody.ShouldNotBeNull().Length.ShouldBe(0);
    }

    [Fact]
    public async Task Settle_of_a_batch_gives_each_its_own_end()
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);
        await AppendManyAsync(tenant, 4);
        var leases = await ClaimAsync();

        await SettleAsync(
            DeliveredOf(leases[0]),
            RetryOf(leases[1], TimeSpan.FromSeconds(5)),
            DeadLetterOf(leases[2]),
            new Settlement { Lease = leases[3], Disposition = Disposition.Release });

        DeliveryStatus[] expected =
            [DeliveryStatus.Delivered, DeliveryStatus.Failed, DeliveryStatus.DeadLetter, DeliveryStatus.Pending];
        for (var i = 0; i < leases.Count; i++)
            (await ReadAsync(tenant, leases[i].Delivery)).Delivery.Status.ShouldBe(expected[i]);
    }

    [Fact]
    public async Task Settle_of_nothing_is_nothing() => await SettleAsync();

    [Fact]
    public async Task Settle_that_cannot_be_recorded_fails_alone_and_its_delivery_is_due_again()
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);
        var poison = await Store.MakePoisonousAsync(AttemptOf(1, AttemptOutcome.HttpStatus, 500));
        Assert.SkipWhen(poison is null, "capability gap: this back end has no attempt that it accepts and cannot write");
        await AppendManyAsync(tenant, 3);
        var leases = await ClaimAsync();

        var lost = await SettleAsync(
            DeliveredOf(leases[0]),
            RetryOf(leases[1], TimeSpan.FromHours(1)) with { Attempt = poison },
            DeliveredOf(leases[2]));

        lost.ShouldBe([1]);
        (await ReadAsync(tenant, leases[0].Delivery)).Delivery.Status.ShouldBe(DeliveryStatus.Delivered);
        (await ReadAsync(tenant, leases[2].Delivery)).Delivery.Status.ShouldBe(DeliveryStatus.Delivered);
        var failed = await ReadAsync(tenant, leases[1].Delivery);
        failed.Delivery.Status.ShouldBe(DeliveryStatus.Pending);
        failed.Attempts.ShouldBeEmpty();
        (await ClaimAsync()).ShouldBeEmpty("its lease still runs, so that it is not tried again and again without a pause");
        Time.Advance(LeaseDuration);
        (await ClaimOneAsync()).Delivery.ShouldBe(leases[1].Delivery);
    }

    [Fact]
    public async Task Settled_outcomes_outlive_a_restart()
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);
        await AppendManyAsync(tenant, 30);
        var settled = await SettleAllDueAsync(lease => DeliveredOf(lease));
        settled.Count.ShouldBe(30);

        await Store.ReopenAsync();

        (await ClaimAsync()).ShouldBeEmpty();
        foreach (var lease in settled)
            (await ReadAsync(tenant, lease.Delivery)).Delivery.Status.ShouldBe(DeliveryStatus.Delivered);
    }
}
