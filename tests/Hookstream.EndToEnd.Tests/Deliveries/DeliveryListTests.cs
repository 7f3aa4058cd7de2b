using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.Receivers;
using Hookstream.EndToEnd.Tests.Servers;

namespace Hookstream.EndToEnd.Tests.Deliveries;

public class DeliveryListTests(SharedServer shared)
{
    [Fact]
    public async Task Deliveries_can_be_filtered_and_leave_out_attempts()
    {
        var tenant = await shared.NewTenantAsync();
        var good = await tenant.SubscribeAsync(shared.Receiver.NewEndpoint());
        var bad = await tenant.SubscribeAsync(
            shared.Receiver.NewEndpoint().Replies(Reply.Status(500)), "*", new { retry_schedule = new[] { "0s" } });
        var paid = await tenant.PostAsync("order.paid");
        var sent = await tenant.PostAsync("order.sent");
        await Eventually.TrueAsync(
            async () => (await tenant.ListAsync("/api/v1/deliveries")).All(delivery => !delivery.IsNull("finished_at")),
            () => "all deliveries to be finished");

        (await CountAsync(tenant, "")).ShouldBe(4);
        (await CountAsync(tenant, "status=delivered")).ShouldBe(2);
        (await CountAsync(tenant, "status=dead_letter")).ShouldBe(2);
        (await CountAsync(tenant, "status=pending")).ShouldBe(0);
        (await CountAsync(tenant, $"subscriber_id={good.Id}")).ShouldBe(2);
        (await CountAsync(tenant, $"event_id={paid.Id}")).ShouldBe(2);
        (await CountAsync(tenant, "event_type=order.sent")).ShouldBe(2);
        (await CountAsync(tenant, $"event_id={sent.Id}&subscriber_id={bad.Id}&status=dead_letter")).ShouldBe(1);
        (await CountAsync(tenant, $"event_id={sent.Id}&subscriber_id={bad.Id}&status=delivered")).ShouldBe(0);
        (await CountAsync(tenant, "until=2020-01-01T00:00:00Z")).ShouldBe(0);
        (await CountAsync(tenant, "since=2020-01-01T00:00:00Z")).ShouldBe(4);
        (await tenant.ListAsync($"/api/v1/dead-letter?subscriber_id={bad.Id}")).Count.ShouldBe(2);
        (await tenant.ListAsync($"/api/v1/dead-letter?subscriber_id={good.Id}")).ShouldBeEmpty();
        (await tenant.ListAsync("/api/v1/deliveries")).Count(delivery => delivery.TryGetProperty("attempts", out _)).ShouldBe(0);
    }

    [Fact]
    public async Task High_priority_overtakes_low_in_a_backlog()
    {
        var tenant = await shared.NewTenantAsync();
        var endpoint = shared.Receiver.NewEndpoint().Replies(new Reply { Delay = TimeSpan.FromMilliseconds(20) });
        var subscription = await tenant.SubscribeAsync(endpoint, "*", new { max_in_flight = 1 });
        await tenant.Api.PatchAsync($"/api/v1/subscribers/{subscription.Id}/pause");
        var low = await PostManyAsync(tenant, "low");
        var normal = await PostManyAsync(tenant, "normal");
        var high = await PostManyAsync(tenant, "high");

        await tenant.Api.PatchAsync($"/api/v1/subscribers/{subscription.Id}/resume");

        var order = (await endpoint.WaitForAsync(30)).Select(request => request.EventId).ToList();
        // Not to the last one: what is claimed first may be decided while the rest of the backlog opens up.
        order[..10].Intersect(high).Count().ShouldBeGreaterThanOrEqualTo(8);
        order[10..20].Intersect(normal).Count().ShouldBeGreaterThanOrEqualTo(6);
        order[20..].Intersect(low).Count().ShouldBeGreaterThanOrEqualTo(8);
        endpoint.Requests.Count.ShouldBe(30);
    }

    private static async Task<string[]> PostManyAsync(TenantApi tenant, string priority)
    {
        var ids = new string[10];
        for (var i = 0; i < ids.Length; i++)
            ids[i] = (await tenant.PostAsync("order.paid", "{}", $""","priority":"{priority}" """)).Id;
        return ids;
    }

    private static async Task<int> CountAsync(TenantApi tenant, string query) =>
        (await tenant.ListAsync($"/api/v1/deliveries?{query}")).Count;
}
