using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.Receivers;
using Hookstream.EndToEnd.Tests.Servers;

namespace Hookstream.EndToEnd.Tests.Deliveries;

public class CancelTests(SharedServer shared)
{
    [Fact]
    public async Task Cancelled_delivery_is_not_sent_until_it_is_replayed()
    {
        var tenant = await shared.NewTenantAsync();
        var endpoint = shared.Receiver.NewEndpoint().Replies(Reply.Status(500), Reply.Ok);
        await tenant.SubscribeAsync(endpoint, "*", new { retry_schedule = new[] { "0s", "1h" } });
        await tenant.PostAsync("order.paid");
        var deliveryId = (await endpoint.WaitForAsync(1))[0].DeliveryId;
        await tenant.DeliveryAsync(deliveryId, "failed");

        (await tenant.Api.PostAsync($"/api/v1/deliveries/{deliveryId}/cancel")).ShouldHaveStatus(202);

        var cancelled = await tenant.DeliveryAsync(deliveryId, "cancelled");
        cancelled.IsNull("next_attempt_at").ShouldBeTrue();
        (await tenant.Api.PostAsync($"/api/v1/deliveries/{deliveryId}/replay")).ShouldHaveStatus(202);
        (await tenant.DeliveryAsync(deliveryId, "delivered")).Number("attempt_count").ShouldBe(2);
    }

    [Fact]
    public async Task Delivery_in_flight_can_be_neither_replayed_nor_cancelled()
    {
        var tenant = await shared.NewTenantAsync();
        var looked = new TaskCompletionSource();
        var endpoint = shared.Receiver.NewEndpoint().Replies(Reply.Ok with { Gate = looked.Task });
        await tenant.SubscribeAsync(endpoint);
        await tenant.PostAsync("order.paid");
        var deliveryId = (await endpoint.WaitForAsync(1))[0].DeliveryId;

        (await tenant.Api.PostAsync($"/api/v1/deliveries/{deliveryId}/replay")).ShouldBeProblem(409, "delivery_in_flight");
        (await tenant.Api.PostAsync($"/api/v1/deliveries/{deliveryId}/cancel")).ShouldBeProblem(409, "delivery_in_flight");
        looked.SetResult();
        await tenant.DeliveryAsync(deliveryId, "delivered");
    }
}
