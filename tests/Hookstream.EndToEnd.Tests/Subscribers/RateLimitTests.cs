using System.Text.Json.Nodes;
using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.Servers;

namespace Hookstream.EndToEnd.Tests.Subscribers;

/// <summary>The rate limit as a receiver sees it.</summary>
public class RateLimitTests(SharedServer shared)
{
    private const int Rate = 20;
    private const int Waiting = 500;

    [Fact]
    public async Task Endpoint_gets_a_burst_and_then_its_rate_and_the_rest_when_the_limit_is_taken_away()
    {
        var tenant = await shared.NewTenantAsync();
        var endpoint = shared.Receiver.NewEndpoint();
        var subscription = await tenant.SubscribeAsync(endpoint, "order.*", new { rate_limit_per_second = Rate });
        await PostAsync(tenant, subscription, Waiting);

        var resumed = TimeProvider.System.GetUtcNow();
        await tenant.Api.PatchAsync($"/api/v1/subscribers/{subscription.Id}/resume");
        // The burst, and four seconds' worth.
        var requests = await endpoint.WaitForAsync(5 * Rate);

        // A machine that stands still may make it later, and nothing sooner.
        foreach (var seconds in (int[])[1, 2, 3, 4])
            (requests[((1 + seconds) * Rate) - 1].At - resumed).ShouldBeGreaterThan(TimeSpan.FromSeconds(0.9 * seconds) - TimeSpan.FromSeconds(1.0 / Rate));
        // That it is as many as it may be shows where nothing has stood in the way: in the best second after the burst.
        var best = Enumerable.Range(Rate, 3 * Rate).Max(from =>
            requests.Skip(from).Count(request => request.At < requests[from].At.AddSeconds(1)));
        best.ShouldBeGreaterThanOrEqualTo((int)(0.8 * Rate));
        var waiting = await tenant.ListAsync($"/api/v1/deliveries?subscriber_id={subscription.Id}&status=pending&limit=100");
        waiting.Count.ShouldBeGreaterThan(0);
        waiting.ShouldAllBe(delivery => delivery.Number("attempt_count") == 0);

        (await tenant.Api.PatchAsync($"/api/v1/subscribers/{subscription.Id}", """{"rate_limit_per_second":null}""")).Data();
        var unlimited = TimeProvider.System.GetUtcNow();
        var left = Waiting - endpoint.Requests.Count;

        var all = await endpoint.WaitForAsync(Waiting);
        (all[^1].At - unlimited).ShouldBeLessThan(TimeSpan.FromSeconds(0.5 * left / Rate), "half of what its rate would have taken");
        all.ShouldAllBe(request => request.Attempt == 1);
        all.Select(request => request.DeliveryId).Distinct().Count().ShouldBe(Waiting);
    }

    [Fact]
    public async Task Less_than_one_in_a_second_is_one_at_a_time()
    {
        var tenant = await shared.NewTenantAsync();
        var endpoint = shared.Receiver.NewEndpoint();
        var subscription = await tenant.SubscribeAsync(endpoint, "order.*", new { rate_limit_per_second = 0.7 });
        await PostAsync(tenant, subscription, 5);

        var resumed = TimeProvider.System.GetUtcNow();
        await tenant.Api.PatchAsync($"/api/v1/subscribers/{subscription.Id}/resume");
        var requests = await endpoint.WaitForAsync(3);

        // Two intervals, less the half of one by which a late one may catch up.
        (requests[2].At - resumed).ShouldBeGreaterThan(TimeSpan.FromSeconds(1.9));
    }

    [Fact]
    public async Task Test_is_not_limited()
    {
        var tenant = await shared.NewTenantAsync();
        var endpoint = shared.Receiver.NewEndpoint();
        var subscription = await tenant.SubscribeAsync(endpoint, "order.*", new { rate_limit_per_second = 0.1 });

        for (var i = 0; i < 3; i++)
            (await tenant.Api.PostAsync($"/api/v1/subscribers/{subscription.Id}/test")).Data().Text("outcome").ShouldBe("delivered");
    }

    // While it is paused, so that all of them wait when the first is sent.
    private static async Task PostAsync(TenantApi tenant, Subscription subscription, int count)
    {
        await tenant.Api.PatchAsync($"/api/v1/subscribers/{subscription.Id}/pause");
        var events = new JsonArray([.. Enumerable.Range(0, count).Select(i =>
            new JsonObject { ["type"] = "order.paid", ["payload"] = new JsonObject { ["n"] = i } })]);
        (await tenant.Api.PostAsync("/api/v1/events/batch", new JsonObject { ["events"] = events })).Data(202);
    }
}
