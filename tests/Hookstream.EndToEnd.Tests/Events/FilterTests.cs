using Hookstream.EndToEnd.Tests.Servers;

namespace Hookstream.EndToEnd.Tests.Events;

public class FilterTests(SharedServer shared)
{
    [Theory]
    [InlineData("order", "order", true)]
    [InlineData("order", "order.paid", false)]
    [InlineData("order.paid", "order.paid", true)]
    [InlineData("order.paid", "Order.paid", false)]
    [InlineData("order.*", "order.paid", true)]
    [InlineData("order.*", "order.paid.in-full", true)]
    [InlineData("order.*", "order", false)]
    [InlineData("order.*", "orders.paid", false)]
    [InlineData("order.paid.*", "order.paid", false)]
    [InlineData("*", "order", true)]
    [InlineData("*", "a.b.c.d", true)]
    [InlineData("hookstream.*", "order.paid", false)]
    public async Task Filter_decides_who_gets_an_event(string filter, string type, bool matches)
    {
        var tenant = await shared.NewTenantAsync();
        await tenant.SubscribeAsync(shared.Receiver.NewEndpoint(), filter);

        (await tenant.PostAsync(type)).EnqueuedCount.ShouldBe(matches ? 1 : 0);
    }

    [Fact]
    public async Task Subscriber_whose_filters_overlap_gets_an_event_once()
    {
        var tenant = await shared.NewTenantAsync();
        var endpoint = shared.Receiver.NewEndpoint();
        await tenant.SubscribeAsync(endpoint, "*", new { events = new[] { "*", "order.*", "order.paid" } });

        (await tenant.PostAsync("order.paid")).EnqueuedCount.ShouldBe(1);
    }

    [Theory]
    [InlineData("hookstream.test")]
    [InlineData("hookstream.subscriber.disabled")]
    [InlineData("webhook.verify")]
    public async Task Reserved_types_cannot_be_posted(string type)
    {
        var tenant = await shared.NewTenantAsync();

        (await tenant.Api.PostAsync("/api/v1/events", new { type, payload = new { } }))
            .ShouldBeProblem(400, "validation_failed", "type");
    }

    [Fact]
    public async Task Event_sent_after_a_change_of_filters_matches_the_new_ones()
    {
        var tenant = await shared.NewTenantAsync();
        var subscription = await tenant.SubscribeAsync(shared.Receiver.NewEndpoint(), "order.*");

        (await tenant.Api.PatchAsync($"/api/v1/subscribers/{subscription.Id}", new { events = new[] { "invoice.*" } })).Data();

        (await tenant.PostAsync("order.paid")).EnqueuedCount.ShouldBe(0);
        (await tenant.PostAsync("invoice.paid")).EnqueuedCount.ShouldBe(1);
    }

    [Fact]
    public async Task Events_of_other_tenants_are_not_delivered()
    {
        var (one, two) = (await shared.NewTenantAsync(), await shared.NewTenantAsync());
        var endpoint = shared.Receiver.NewEndpoint();
        await one.SubscribeAsync(endpoint);

        (await two.PostAsync("order.paid")).EnqueuedCount.ShouldBe(0);
        var own = await one.PostAsync("order.paid");

        (await endpoint.WaitForAsync(1)).ShouldHaveSingleItem().EventId.ShouldBe(own.Id);
    }
}
