using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.Receivers;
using Hookstream.EndToEnd.Tests.Servers;

namespace Hookstream.EndToEnd.Tests.Subscribers;

/// <summary>Headers of a subscriber's owner: sent with everything, shown nowhere.</summary>
public class HeaderTests(SharedServer shared)
{
    private const string Basic = "Basic dXNlcjpodW50ZXIy";
    private const string Shown = "********";

    [Fact]
    public async Task Delivery_challenge_and_test_carry_the_headers_and_no_answer_shows_their_values()
    {
        var tenant = await shared.NewTenantAsync();
        var endpoint = shared.Receiver.NewEndpoint();
        var mark = shared.Server.Log.Mark;
        var subscription = await tenant.SubscribeAsync(
            endpoint, "order.*", new { headers = new { Authorization = Basic, tenant_hint = "hint-of-hunter2" } });
        var one = $"/api/v1/subscribers/{subscription.Id}";

        var posted = await tenant.PostAsync("order.paid");
        await endpoint.WaitForAsync(1);
        var deliveryId = await tenant.DeliveryIdAsync(posted.Id, subscription.Id);
        var delivery = await tenant.DeliveryAsync(deliveryId, "delivered");
        await endpoint.WaitForChallengeAsync();
        var tested = (await tenant.Api.PostAsync(one + "/test")).Data();

        foreach (var request in endpoint.Requests.Concat(endpoint.Challenges))
        {
            request.Header("Authorization").ShouldBe(Basic);
            request.Header("tenant_hint").ShouldBe("hint-of-hunter2");
        }

        foreach (var attempt in new[] { delivery.GetProperty("attempts")[0], tested })
        {
            var recorded = attempt.GetProperty("request_headers");
            recorded.Text("Authorization").ShouldBe(Shown);
            recorded.Text("tenant_hint").ShouldBe(Shown);
            recorded.Text("X-Hookstream-Event").ShouldNotBe(Shown);
        }

        var read = await tenant.SubscriberAsync(subscription.Id);
        read.GetProperty("headers").GetRawText().ShouldBe($$"""{"Authorization":"{{Shown}}","tenant_hint":"{{Shown}}"}""");
        await shared.Server.Log.WaitForAsync(deliveryId);
        foreach (var text in shared.Server.Log.Since(mark).Append(read.ToString()).Append(delivery.ToString()))
        {
            text.ShouldNotContain(Basic);
            text.ShouldNotContain("hint-of-hunter2");
        }
    }

    [Fact]
    public async Task Changed_header_is_sent_from_the_next_attempt_on()
    {
        var tenant = await shared.NewTenantAsync();
        // It fails when the change is made, or all its retries might come before.
        var done = new TaskCompletionSource();
        var endpoint = shared.Receiver.NewEndpoint().Replies(Reply.Status(401) with { Gate = done.Task }, Reply.Ok);
        var subscription = await tenant.SubscribeAsync(
            endpoint, "order.*", new { headers = new { Authorization = "Bearer expired", kept = "1" } });
        var posted = await tenant.PostAsync("order.paid");
        await endpoint.WaitForAsync(1);

        var changed = await tenant.Api.PatchAsync(
            $"/api/v1/subscribers/{subscription.Id}", """{"headers":{"AUTHORIZATION":"Bearer fresh","kept":null}}""");
        changed.Data();
        done.SetResult();

        await tenant.DeliveryAsync(await tenant.DeliveryIdAsync(posted.Id, subscription.Id), "delivered");
        var last = endpoint.Requests[^1];
        last.EventId.ShouldBe(posted.Id);
        last.Header("Authorization").ShouldBe("Bearer fresh");
        last.Headers.ContainsKey("kept").ShouldBeFalse();
    }
}
