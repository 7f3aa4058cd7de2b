using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.Receivers;
using Hookstream.EndToEnd.Tests.Servers;

namespace Hookstream.EndToEnd.Tests.Schedules;

/// <summary>Attempts by the schedule <c>0s,1s,1s,1s,1s</c>, the dead letter and the way back.</summary>
public class RetryScheduleTests(SharedServer shared)
{
    [Fact]
    public async Task Endpoint_that_always_fails_gets_five_attempts_then_dead_letter_and_replay_goes_on_with_attempt_six()
    {
        var tenant = await shared.NewTenantAsync();
        var endpoint = shared.Receiver.NewEndpoint().Replies(new Reply { StatusCode = 500, Body = "out of order"u8.ToArray() });
        // Five failures in a row would open its circuit, which would hold the replay.
        var subscription = await tenant.SubscribeAsync(endpoint, "*", new { circuit_threshold = 1_000 });
        var posted = await tenant.PostAsync("order.paid", """{"n":1}""");
        var deliveryId = (await endpoint.WaitForAsync(1))[0].DeliveryId;

        var dead = await tenant.DeliveryAsync(deliveryId, "dead_letter");

        endpoint.Requests.Select(request => request.Attempt).ShouldBe([1, 2, 3, 4, 5]);
        dead.Number("attempt_count").ShouldBe(5);
        dead.Number("last_status_code").ShouldBe(500);
        dead.GetProperty("last_error").Text("code").ShouldBe("http_status");
        dead.GetProperty("last_error").Text("message").ShouldNotBeEmpty();
        dead.IsNull("next_attempt_at").ShouldBeTrue();
        dead.Attempts().Select(attempt => attempt.Number("number")).ShouldBe([1, 2, 3, 4, 5]);
        dead.Attempts().ShouldAllBe(attempt => attempt.Text("outcome") == "http_status" && attempt.Text("trigger") == "schedule");
        dead.Attempts()[0].Text("response_body").ShouldBe("out of order");
        GapsShouldBeAtLeast(endpoint.Requests, TimeSpan.FromSeconds(1));
        (await tenant.ListAsync("/api/v1/dead-letter")).ShouldHaveSingleItem().Text("id").ShouldBe(deliveryId);

        endpoint.Replies(Reply.Status(500), Reply.Status(500), Reply.Ok);
        (await tenant.Api.PostAsync($"/api/v1/deliveries/{deliveryId}/replay")).Data(202);

        var delivered = await tenant.DeliveryAsync(deliveryId, "delivered");
        endpoint.Requests.Select(request => request.Attempt).ShouldBe([1, 2, 3, 4, 5, 6, 7, 8]);
        endpoint.Requests.ShouldAllBe(request =>
            request.EventId == posted.Id && request.DeliveryId == deliveryId && request.IsSignedBy(subscription.Secret));
        endpoint.Requests.Select(request => request.Text).Distinct().ShouldHaveSingleItem();
        delivered.Number("attempt_count").ShouldBe(8);
        delivered.IsNull("last_error").ShouldBeTrue();
        delivered.Attempts()[5].Text("trigger").ShouldBe("replay");
        (await tenant.ListAsync("/api/v1/dead-letter")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Fresh_delivery_waits_for_the_first_delay_of_its_subscribers_own_schedule()
    {
        var tenant = await shared.NewTenantAsync();
        var subscription = await tenant.SubscribeAsync(
            shared.Receiver.NewEndpoint(), "*", new { retry_schedule = new[] { "1h", "1s" } });
        var posted = await tenant.PostAsync("order.paid");

        var delivery = await tenant.DeliveryAsync(await tenant.DeliveryIdAsync(posted.Id, subscription.Id));

        delivery.Text("status").ShouldBe("pending");
        // Both are the store's time, but where it is PostgreSQL not of the same statement.
        delivery.GetProperty("next_attempt_at").GetDateTimeOffset().ShouldBe(
            delivery.GetProperty("created_at").GetDateTimeOffset() + TimeSpan.FromHours(1), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Replay_of_a_dead_letter_has_a_fresh_budget_and_can_die_again()
    {
        var tenant = await shared.NewTenantAsync();
        var endpoint = shared.Receiver.NewEndpoint().Replies(Reply.Status(500));
        await tenant.SubscribeAsync(endpoint, "*", new { retry_schedule = new[] { "0s", "1s" } });
        await tenant.PostAsync("order.paid");
        var deliveryId = (await endpoint.WaitForAsync(2))[0].DeliveryId;
        await tenant.DeliveryAsync(deliveryId, "dead_letter");

        (await tenant.Api.PostAsync($"/api/v1/deliveries/{deliveryId}/replay")).Data(202);

        await endpoint.WaitForAsync(4);
        var dead = await tenant.DeliveryAsync(deliveryId, "dead_letter");
        dead.Number("attempt_count").ShouldBe(4);
        endpoint.Requests.Select(request => request.Attempt).ShouldBe([1, 2, 3, 4]);
    }

    [Fact]
    public async Task Endpoint_that_fails_twice_is_delivered_with_three_attempts()
    {
        var tenant = await shared.NewTenantAsync();
        var endpoint = shared.Receiver.NewEndpoint().Replies(Reply.Status(500), Reply.Status(404), Reply.Status(204));
        await tenant.SubscribeAsync(endpoint);
        await tenant.PostAsync("order.paid");
        var deliveryId = (await endpoint.WaitForAsync(1))[0].DeliveryId;

        var delivered = await tenant.DeliveryAsync(deliveryId, "delivered");

        delivered.Number("attempt_count").ShouldBe(3);
        delivered.Attempts().Select(attempt => attempt.Number("status_code")).ShouldBe([500, 404, 204]);
        endpoint.Requests.Select(request => request.Attempt).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task Delivery_between_attempts_is_failed_and_says_when_it_is_due()
    {
        var tenant = await shared.NewTenantAsync();
        var endpoint = shared.Receiver.NewEndpoint().Replies(Reply.Status(500));
        await tenant.SubscribeAsync(endpoint, "*", new { retry_schedule = new[] { "0s", "1h" } });
        await tenant.PostAsync("order.paid");
        var deliveryId = (await endpoint.WaitForAsync(1))[0].DeliveryId;

        var failed = await tenant.DeliveryAsync(deliveryId, "failed");

        failed.IsNull("finished_at").ShouldBeTrue();
        failed.GetProperty("last_error").Text("code").ShouldBe("http_status");
        // An hour and up to a tenth of it as jitter.
        var wait = failed.GetProperty("next_attempt_at").GetDateTimeOffset()
            - failed.GetProperty("last_attempt_at").GetDateTimeOffset();
        wait.ShouldBeInRange(TimeSpan.FromMinutes(59.9), TimeSpan.FromMinutes(67));
    }

    [Fact]
    public async Task Gone_dead_letters_at_once_and_disables_the_subscriber_until_it_is_resumed()
    {
        var tenant = await shared.NewTenantAsync();
        var endpoint = shared.Receiver.NewEndpoint().Replies(Reply.Status(410), Reply.Ok);
        var subscription = await tenant.SubscribeAsync(endpoint);
        await tenant.PostAsync("order.paid");
        var deliveryId = (await endpoint.WaitForAsync(1))[0].DeliveryId;

        var dead = await tenant.DeliveryAsync(deliveryId, "dead_letter");

        dead.Number("attempt_count").ShouldBe(1);
        dead.Number("last_status_code").ShouldBe(410);
        var subscriber = await tenant.SubscriberAsync(subscription.Id);
        subscriber.Text("status").ShouldBe("disabled");
        subscriber.Text("status_reason").ShouldContain("410");
        (await tenant.PostAsync("order.paid")).EnqueuedCount.ShouldBe(0);

        (await tenant.Api.PatchAsync($"/api/v1/subscribers/{subscription.Id}/resume")).Data().Text("status").ShouldBe("active");
        (await tenant.PostAsync("order.paid")).EnqueuedCount.ShouldBe(1);
        await endpoint.WaitForAsync(2);
    }

    private static void GapsShouldBeAtLeast(IReadOnlyList<ReceivedRequest> requests, TimeSpan delay)
    {
        // Only the lower bound: a busy machine may be late, never early.
        var tolerance = TimeSpan.FromMilliseconds(20);
        foreach (var (earlier, later) in requests.Zip(requests.Skip(1)))
            (later.At - earlier.At).ShouldBeGreaterThan(delay - tolerance);
    }
}
