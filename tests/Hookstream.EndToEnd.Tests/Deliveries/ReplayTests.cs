using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.Receivers;
using Hookstream.EndToEnd.Tests.Servers;

namespace Hookstream.EndToEnd.Tests.Deliveries;

public class ReplayTests(SharedServer shared)
{
    [Fact]
    public async Task Replay_of_a_delivered_one_sends_it_again_with_the_same_ids()
    {
        var tenant = await shared.NewTenantAsync();
        var endpoint = shared.Receiver.NewEndpoint();
        await tenant.SubscribeAsync(endpoint);
        await tenant.PostAsync("order.paid", """{"n":1}""");
        var first = (await endpoint.WaitForAsync(1))[0];
        await tenant.DeliveryAsync(first.DeliveryId, "delivered");

        (await tenant.Api.PostAsync($"/api/v1/deliveries/{first.DeliveryId}/replay")).Data(202);

        var again = (await endpoint.WaitForAsync(2))[1];
        again.DeliveryId.ShouldBe(first.DeliveryId);
        again.EventId.ShouldBe(first.EventId);
        again.Body.ShouldBe(first.Body);
        again.Attempt.ShouldBe(2);
    }

    [Fact]
    public async Task Replay_passes_no_hold()
    {
        var tenant = await shared.NewTenantAsync();
        var subscription = await tenant.SubscribeAsync(shared.Receiver.NewEndpoint());
        await tenant.PostAsync("order.paid");
        var deliveryId = (await subscription.Endpoint.WaitForAsync(1))[0].DeliveryId;
        await tenant.DeliveryAsync(deliveryId, "delivered");
        await tenant.Api.PatchAsync($"/api/v1/subscribers/{subscription.Id}/pause");

        (await tenant.Api.PostAsync($"/api/v1/deliveries/{deliveryId}/replay")).Data(202);

        (await tenant.DeliveryAsync(deliveryId)).Text("status").ShouldBe("held");
        await tenant.Api.PatchAsync($"/api/v1/subscribers/{subscription.Id}/resume");
        await subscription.Endpoint.WaitForAsync(2);
    }

    [Fact]
    public async Task Event_can_be_replayed_to_those_who_had_it_and_to_one_who_did_not()
    {
        var tenant = await shared.NewTenantAsync();
        var had = await tenant.SubscribeAsync(shared.Receiver.NewEndpoint("had"), "order.*");
        var posted = await tenant.PostAsync("order.paid", """{"n":1}""");
        var first = (await had.Endpoint.WaitForAsync(1))[0];
        await tenant.DeliveryAsync(first.DeliveryId, "delivered");
        var late = await tenant.SubscribeAsync(shared.Receiver.NewEndpoint("late"), "invoice.*");

        (await tenant.Api.PostAsync($"/api/v1/events/{posted.Id}/replay", new { subscriber_id = late.Id })).Data(202);

        var sent = (await late.Endpoint.WaitForAsync(1))[0];
        sent.EventId.ShouldBe(posted.Id);
        sent.DeliveryId.ShouldNotBe(first.DeliveryId);
        sent.Attempt.ShouldBe(1);
        had.Endpoint.Requests.Count.ShouldBe(1);
        await tenant.DeliveryAsync(sent.DeliveryId, "delivered");

        (await tenant.Api.PostAsync($"/api/v1/events/{posted.Id}/replay")).Data(202);

        (await had.Endpoint.WaitForAsync(2))[1].DeliveryId.ShouldBe(first.DeliveryId);
        (await late.Endpoint.WaitForAsync(2))[1].DeliveryId.ShouldBe(sent.DeliveryId);
    }

    [Fact]
    public async Task Bulk_replay_counts_with_dry_run_and_sends_without()
    {
        var tenant = await shared.NewTenantAsync();
        var endpoint = shared.Receiver.NewEndpoint().Replies(Reply.Status(500));
        var settings = new { retry_schedule = new[] { "0s" }, circuit_threshold = 1_000 };
        var subscription = await tenant.SubscribeAsync(endpoint, "*", settings);
        var other = await tenant.SubscribeAsync(
            shared.Receiver.NewEndpoint().Replies(Reply.Status(500)), "*", settings);
        for (var i = 0; i < 6; i++)
            await tenant.PostAsync(i < 4 ? "order.paid" : "order.sent");
        await Eventually.TrueAsync(
            async () => (await tenant.ListAsync("/api/v1/dead-letter")).Count == 12, () => "12 dead letters");
        endpoint.Replies(Reply.Ok);

        (await BulkAsync(tenant, new { subscriber_id = subscription.Id, dry_run = true })).ShouldBe(6);
        (await BulkAsync(tenant, new { subscriber_id = subscription.Id, event_type = "order.sent", dry_run = true })).ShouldBe(2);
        (await BulkAsync(tenant, new { subscriber_id = subscription.Id, status = "delivered" })).ShouldBe(0);
        endpoint.Requests.Count.ShouldBe(6);

        (await BulkAsync(tenant, new { subscriber_id = subscription.Id, event_type = "order.paid" })).ShouldBe(4);

        var requests = await endpoint.WaitForAsync(10);
        requests.Skip(6).ShouldAllBe(request => request.Attempt == 2 && request.Header("X-Hookstream-Event") == "order.paid");
        await Eventually.TrueAsync(
            async () => (await tenant.ListAsync("/api/v1/dead-letter")).Count == 8, () => "8 dead letters to be left");
        other.Endpoint.Requests.Count.ShouldBe(6);
    }

    [Fact]
    public async Task Bulk_replay_without_a_bound_is_refused()
    {
        var tenant = await shared.NewTenantAsync();

        (await tenant.Api.PostAsync("/api/v1/deliveries/replay", """{"status":"dead_letter"}"""))
            .ShouldBeProblem(400, "validation_failed");
        (await tenant.Api.PostAsync("/api/v1/deliveries/replay", """{"since":"2026-01-01T00:00:00Z"}"""))
            .Data(202).Number("count").ShouldBe(0);
    }

    private static async Task<int> BulkAsync(TenantApi tenant, object body) =>
        (await tenant.Api.PostAsync("/api/v1/deliveries/replay", body)).Data(202).Number("count");
}
