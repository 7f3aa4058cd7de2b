using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.Receivers;
using Hookstream.EndToEnd.Tests.Servers;
using Hookstream.TestServers.Programs;

namespace Hookstream.EndToEnd.Tests.Subscribers;

public class VerificationTests(SharedServer shared)
{
    [Fact]
    public async Task Challenge_is_sent_at_registration_with_all_headers_of_a_delivery()
    {
        var tenant = await shared.NewTenantAsync();
        var endpoint = shared.Receiver.NewEndpoint();

        var subscription = await tenant.SubscribeAsync(endpoint);

        await endpoint.WaitForChallengeAsync();
        var challenge = endpoint.Challenges[0];
        challenge.Text.ShouldMatch("""^\{"type":"webhook.verify","challenge":"[^"]{16,}"\}$""");
        challenge.ShouldBeSignedBy(subscription.Secret);
        challenge.Header("Content-Type").ShouldBe("application/json");
        challenge.Header("User-Agent").ShouldStartWith("Hookstream/");
        challenge.Header("X-Hookstream-Event").ShouldBe("webhook.verify");
        challenge.Header("X-Hookstream-Delivery").ShouldNotBeEmpty();
        challenge.Header("X-Hookstream-Attempt").ShouldNotBeEmpty();
        await Eventually.TrueAsync(
            async () => !(await tenant.SubscriberAsync(subscription.Id)).IsNull("verified_at"), () => "verified_at to be set");
    }

    [Fact]
    public async Task Required_verification_holds_deliveries_until_the_challenge_is_answered()
    {
        var tenant = await shared.NewTenantAsync();
        var endpoint = shared.Receiver.NewEndpoint();
        endpoint.AnswersChallenge = false;
        var subscription = await tenant.SubscribeAsync(endpoint, "*", new { verification = "required" });
        await endpoint.WaitForChallengeAsync();

        var posted = await tenant.PostAsync("order.paid");

        posted.EnqueuedCount.ShouldBe(1);
        (await tenant.SubscriberAsync(subscription.Id)).Text("status").ShouldBe("pending_verification");
        var deliveryId = await tenant.DeliveryIdAsync(posted.Id, subscription.Id);
        var held = await tenant.DeliveryAsync(deliveryId);
        held.Text("status").ShouldBe("held");
        held.Text("hold_reason").ShouldBe("unverified");
        var refused = await VerifyAsync(tenant, subscription);
        refused.ShouldBeProblem(400, "verification_failed").Text("detail").ShouldContain("200");
        endpoint.Requests.ShouldBeEmpty();

        endpoint.AnswersChallenge = true;
        (await VerifyAsync(tenant, subscription)).Data().GetProperty("verified").GetBoolean().ShouldBeTrue();

        (await endpoint.WaitForAsync(1))[0].EventId.ShouldBe(posted.Id);
        (await tenant.SubscriberAsync(subscription.Id)).Text("status").ShouldBe("active");
        await tenant.DeliveryAsync(deliveryId, "delivered");
    }

    [Fact]
    public async Task Required_verification_is_answered_in_the_background()
    {
        var tenant = await shared.NewTenantAsync();
        var subscription = await tenant.SubscribeAsync(
            shared.Receiver.NewEndpoint(), "*", new { verification = "required" });

        await tenant.PostAsync("order.paid");

        await subscription.Endpoint.WaitForAsync(1);
        subscription.Endpoint.Challenges.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Optional_verification_holds_nothing()
    {
        var tenant = await shared.NewTenantAsync();
        var endpoint = shared.Receiver.NewEndpoint();
        endpoint.AnswersChallenge = false;
        var subscription = await tenant.SubscribeAsync(endpoint);

        await tenant.PostAsync("order.paid");

        await endpoint.WaitForAsync(1);
        var subscriber = await tenant.SubscriberAsync(subscription.Id);
        subscriber.IsNull("verified_at").ShouldBeTrue();
        subscriber.Text("status").ShouldBe("active");
    }

    [Fact]
    public async Task New_url_asks_for_verification_again()
    {
        var tenant = await shared.NewTenantAsync();
        var subscription = await tenant.SubscribeAsync(shared.Receiver.NewEndpoint(), "*", new { verification = "required" });
        (await VerifyAsync(tenant, subscription)).Data();
        var moved = shared.Receiver.NewEndpoint("moved");
        moved.AnswersChallenge = false;

        (await tenant.Api.PatchAsync($"/api/v1/subscribers/{subscription.Id}", new { url = moved.Url })).Data()
            .IsNull("verified_at").ShouldBeTrue();

        await moved.WaitForChallengeAsync();
        await tenant.PostAsync("order.paid");
        (await tenant.SubscriberAsync(subscription.Id)).Text("status").ShouldBe("pending_verification");
        moved.AnswersChallenge = true;
        (await VerifyAsync(tenant, subscription)).Data();
        await moved.WaitForAsync(1);
        subscription.Endpoint.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Verification_of_an_endpoint_that_is_away_says_so()
    {
        var tenant = await shared.NewTenantAsync();
        var created = (await tenant.Api.PostAsync(
            "/api/v1/subscribers", new { url = $"http://127.0.0.1:{FreePort.Find()}/", events = new[] { "*" } })).Data(201);

        (await tenant.Api.PostAsync($"/api/v1/subscribers/{created.Text("id")}/verify"))
            .ShouldBeProblem(400, "verification_failed");
    }

    private static Task<ApiAnswer> VerifyAsync(TenantApi tenant, Subscription subscription) =>
        tenant.Api.PostAsync($"/api/v1/subscribers/{subscription.Id}/verify");
}
