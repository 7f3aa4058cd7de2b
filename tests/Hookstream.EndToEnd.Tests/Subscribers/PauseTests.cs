using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.Receivers;
using Hookstream.EndToEnd.Tests.Servers;

namespace Hookstream.EndToEnd.Tests.Subscribers;

public class PauseTests(SharedServer shared)
{
    [Fact]
    public async Task Paused_subscriber_gets_nothing_until_it_is_resumed_and_then_everything()
    {
        var tenant = await shared.NewTenantAsync();
        var control = await tenant.SubscribeAsync(shared.Receiver.NewEndpoint("control"));
        var paused = await tenant.SubscribeAsync(shared.Receiver.NewEndpoint("paused"));
        (await PauseAsync(tenant, paused)).Text("status").ShouldBe("paused");

        var ids = new List<string>();
        for (var i = 0; i < 10; i++)
        {
            var posted = await tenant.PostAsync("order.paid");
            posted.EnqueuedCount.ShouldBe(2);
            ids.Add(posted.Id);
        }

        await control.Endpoint.WaitForAsync(10);
        paused.Endpoint.Requests.ShouldBeEmpty();
        var held = await tenant.ListAsync($"/api/v1/deliveries?subscriber_id={paused.Id}&status=held");
        held.Count.ShouldBe(10);
        held.ShouldAllBe(delivery => delivery.Text("hold_reason") == "paused" && delivery.Number("attempt_count") == 0);

        (await tenant.Api.PatchAsync($"/api/v1/subscribers/{paused.Id}/resume")).Data().Text("status").ShouldBe("active");

        var requests = await paused.Endpoint.WaitForAsync(10);
        requests.Select(request => request.EventId).Order().ShouldBe(ids.Order());
        requests.ShouldAllBe(request => request.Attempt == 1);
    }

    [Fact]
    public async Task Pause_during_a_stream_of_events_lets_nothing_through_after_its_answer()
    {
        var tenant = await shared.NewTenantAsync();
        var endpoint = shared.Receiver.NewEndpoint();
        var subscription = await tenant.SubscribeAsync(endpoint);
        var events = string.Join(',', Enumerable.Range(0, 500).Select(_ => """{"type":"order.paid","payload":{}}"""));
        (await tenant.Api.PostAsync("/api/v1/events/batch", $$"""{"events":[{{events}}]}""")).Data(202);
        await endpoint.WaitForAsync(1);

        await PauseAsync(tenant, subscription);

        // What was claimed before the answer may still arrive: up to the most that one endpoint has in flight.
        const int MostInFlight = 32;
        var atAnswer = endpoint.Requests.Count;
        var control = await tenant.SubscribeAsync(shared.Receiver.NewEndpoint("control"));
        await tenant.PostAsync("order.paid");
        await control.Endpoint.WaitForAsync(1);
        (endpoint.Requests.Count - atAnswer).ShouldBeLessThanOrEqualTo(MostInFlight);

        await tenant.Api.PatchAsync($"/api/v1/subscribers/{subscription.Id}/resume");
        (await endpoint.WaitForAsync(501)).Select(request => request.EventId).Distinct().Count().ShouldBe(501);
    }

    [Fact]
    public async Task Pause_takes_paused_in_its_body()
    {
        var tenant = await shared.NewTenantAsync();
        var subscription = await tenant.SubscribeAsync(shared.Receiver.NewEndpoint());
        var path = $"/api/v1/subscribers/{subscription.Id}/pause";

        (await tenant.Api.PatchAsync(path, """{"paused":true}""")).Data().Text("status").ShouldBe("paused");
        (await tenant.Api.PatchAsync(path, """{"paused":true}""")).Data().Text("status").ShouldBe("paused");
        (await tenant.Api.PatchAsync(path, """{"paused":false}""")).Data().Text("status").ShouldBe("active");
    }

    [Fact]
    public async Task Retries_of_a_paused_subscriber_wait_without_spending_attempts()
    {
        var tenant = await shared.NewTenantAsync();
        // It is paused while it is being sent to, or its retry might come first.
        var paused = new TaskCompletionSource();
        var endpoint = shared.Receiver.NewEndpoint().Replies(Reply.Status(500) with { Gate = paused.Task }, Reply.Ok);
        var subscription = await tenant.SubscribeAsync(endpoint);
        await tenant.PostAsync("order.paid");
        var deliveryId = (await endpoint.WaitForAsync(1))[0].DeliveryId;
        await PauseAsync(tenant, subscription);
        paused.SetResult();
        await tenant.DeliveryAsync(deliveryId, delivery => delivery.Number("attempt_count") == 1, "to have failed");

        // A second endpoint with the same schedule shows that the retry's time has come and gone.
        var control = shared.Receiver.NewEndpoint("control").Replies(Reply.Status(500), Reply.Status(500), Reply.Ok);
        await tenant.SubscribeAsync(control, "order.paid");
        await tenant.PostAsync("order.paid");
        await control.WaitForAsync(3);

        var held = await tenant.DeliveryAsync(deliveryId);
        held.Text("status").ShouldBe("held");
        held.Number("attempt_count").ShouldBe(1);
        await tenant.Api.PatchAsync($"/api/v1/subscribers/{subscription.Id}/resume");
        (await tenant.DeliveryAsync(deliveryId, "delivered")).Number("attempt_count").ShouldBe(2);
    }

    private static async Task<System.Text.Json.JsonElement> PauseAsync(TenantApi tenant, Subscription subscription) =>
        (await tenant.Api.PatchAsync($"/api/v1/subscribers/{subscription.Id}/pause")).Data();
}
