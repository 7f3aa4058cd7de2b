using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.Receivers;
using Hookstream.EndToEnd.Tests.Servers;

namespace Hookstream.EndToEnd.Tests.Subscribers;

public class RecoveryTests(SharedServer shared)
{
    private static readonly object Once = new { retry_schedule = new[] { "0s" } };

    [Fact]
    public async Task Endpoint_gets_what_it_failed_to_get_and_what_it_never_got_once()
    {
        var tenant = await shared.NewTenantAsync();
        var never = await tenant.PostAsync("order.paid", """{"n":1}""");
        await tenant.PostAsync("invoice.sent");
        var endpoint = shared.Receiver.NewEndpoint().Replies(Reply.Status(500));
        var subscription = await tenant.SubscribeAsync(endpoint, "order.*", Once);
        var other = await tenant.SubscribeAsync(shared.Receiver.NewEndpoint("other"), "order.*");
        var failed = await tenant.PostAsync("order.paid", """{"n":2}""");
        var first = (await endpoint.WaitForAsync(1))[0];
        await tenant.DeliveryAsync(first.DeliveryId, "dead_letter");
        endpoint.Replies(Reply.Ok);
        var delivered = await tenant.PostAsync("order.sent", """{"n":3}""");
        var arrived = (await endpoint.WaitForAsync(2))[1];
        arrived.EventId.ShouldBe(delivered.Id);
        await tenant.DeliveryAsync(arrived.DeliveryId, "delivered");
        var body = new { since = DateTimeOffset.UnixEpoch, until = DateTimeOffset.MaxValue };

        (await RecoverAsync(tenant, subscription, body)).ShouldBe(2);

        var recovered = (await endpoint.WaitForAsync(4)).Skip(2).ToDictionary(request => request.EventId);
        recovered[failed.Id].DeliveryId.ShouldBe(first.DeliveryId);
        recovered[failed.Id].Attempt.ShouldBe(2);
        recovered[never.Id].Attempt.ShouldBe(1);
        foreach (var request in recovered.Values)
            await tenant.DeliveryAsync(request.DeliveryId, "delivered");
        (await RecoverAsync(tenant, subscription, body)).ShouldBe(0);
        (await other.Endpoint.WaitForAsync(2)).ShouldNotContain(request => request.EventId == never.Id);
        endpoint.Requests.Count.ShouldBe(4);
    }

    [Fact]
    public async Task Endpoint_that_was_gone_is_recovered_once_it_is_resumed()
    {
        var tenant = await shared.NewTenantAsync();
        var endpoint = shared.Receiver.NewEndpoint().Replies(Reply.Status(410));
        var subscription = await tenant.SubscribeAsync(endpoint);
        var gone = await tenant.PostAsync("order.paid");
        await endpoint.WaitForAsync(1);
        await Eventually.TrueAsync(
            async () => (await tenant.SubscriberAsync(subscription.Id)).Text("status") == "disabled", () => "it to be disabled");
        var meanwhile = await tenant.PostAsync("order.paid");
        endpoint.Replies(Reply.Ok);
        var body = new { since = DateTimeOffset.UnixEpoch };

        (await tenant.Api.PostAsync($"/api/v1/subscribers/{subscription.Id}/recover", body)).ShouldBeProblem(409, "conflict");
        await tenant.Api.PatchAsync($"/api/v1/subscribers/{subscription.Id}/resume");
        (await RecoverAsync(tenant, subscription, body)).ShouldBe(2);

        (await endpoint.WaitForAsync(3)).Skip(1).Select(request => request.EventId).ShouldBe([gone.Id, meanwhile.Id], ignoreOrder: true);
    }

    private static async Task<int> RecoverAsync(TenantApi tenant, Subscription subscription, object body) =>
        (await tenant.Api.PostAsync($"/api/v1/subscribers/{subscription.Id}/recover", body)).Data(202).Number("count");
}
