using System.Text.Json;
using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.Receivers;
using Hookstream.EndToEnd.Tests.Servers;

namespace Hookstream.EndToEnd.Tests.Subscribers;

/// <summary>The circuit breaker as an endpoint's owner and its receiver see it.</summary>
public class CircuitTests(SharedServer shared)
{
    private const int Deliveries = 30;

    [Fact]
    public async Task Open_circuit_holds_everything_and_tells_when_it_is_tried_again()
    {
        var tenant = await shared.NewTenantAsync();
        var subscription = await FailingAsync(tenant, threshold: 3, cooldown: "1h");

        var open = await OpenAsync(tenant, subscription.Id);

        open.Text("status").ShouldBe("active");
        open.GetProperty("next_probe_at").GetDateTimeOffset()
            .ShouldBe(open.GetProperty("circuit_opened_at").GetDateTimeOffset().AddHours(1));
        var held = await tenant.ListAsync($"/api/v1/deliveries?subscriber_id={subscription.Id}&status=held&limit=100");
        held.Count.ShouldBe(Deliveries);
        held.ShouldAllBe(delivery => delivery.Text("hold_reason") == "circuit_open");
        // Some are sent between the third failure and its being recorded.
        subscription.Endpoint.Requests.Count.ShouldBeInRange(3, 20);
    }

    [Fact]
    public async Task Endpoint_that_fails_is_left_alone_and_gets_everything_when_its_probe_succeeds()
    {
        var tenant = await shared.NewTenantAsync();
        var subscription = await FailingAsync(tenant, threshold: 3, cooldown: "1s");
        var endpoint = subscription.Endpoint;
        await OpenAsync(tenant, subscription.Id);
        await endpoint.WaitForAsync(endpoint.Requests.Count + 3);
        endpoint.Replies(Reply.Ok);

        await Eventually.TrueAsync(
            async () => (await tenant.ListAsync($"/api/v1/deliveries?subscriber_id={subscription.Id}&status=delivered&limit=100")).Count == Deliveries,
            () => "all to be delivered");

        var closed = await tenant.SubscriberAsync(subscription.Id);
        closed.Text("circuit").ShouldBe("closed");
        closed.GetProperty("circuit_opened_at").ValueKind.ShouldBe(JsonValueKind.Null);
        closed.GetProperty("next_probe_at").ValueKind.ShouldBe(JsonValueKind.Null);
        var attempts = new List<JsonElement>();
        foreach (var id in endpoint.Requests.Select(request => request.DeliveryId).Distinct())
            attempts.AddRange((await tenant.DeliveryAsync(id, "delivered")).Attempts());
        var failures = attempts.Where(attempt => attempt.Text("outcome") != "delivered").OrderBy(StartOf).ToList();
        var probes = attempts.Where(attempt => attempt.Text("trigger") == "probe").OrderBy(StartOf).ToList();
        probes.Count.ShouldBeGreaterThanOrEqualTo(3);
        foreach (var (earlier, later) in probes.Zip(probes.Skip(1)))
            (StartOf(later) - StartOf(earlier)).ShouldBeGreaterThan(TimeSpan.FromSeconds(0.9));
        // From the first of them on nothing else is sent that could fail.
        failures.SkipWhile(attempt => attempt.Text("trigger") != "probe").ShouldAllBe(attempt => attempt.Text("trigger") == "probe");
        failures.TakeWhile(attempt => attempt.Text("trigger") != "probe").Count().ShouldBeInRange(3, 20);

        static DateTimeOffset StartOf(JsonElement attempt) => attempt.GetProperty("started_at").GetDateTimeOffset();
    }

    [Fact]
    public async Task Reset_lets_go_what_waits_at_once()
    {
        var (tenant, subscription) = await OpenedAsync();

        var reset = (await tenant.Api.PostAsync($"/api/v1/subscribers/{subscription.Id}/reset-circuit")).Data();

        reset.Text("circuit").ShouldBe("closed");
        await subscription.Endpoint.WaitForAsync(2);
        (await tenant.Api.PostAsync("/api/v1/subscribers/sub_00000000000000000000000000/reset-circuit")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Test_passes_an_open_circuit_and_changes_nothing_of_it()
    {
        var (tenant, subscription) = await OpenedAsync();

        (await tenant.Api.PostAsync($"/api/v1/subscribers/{subscription.Id}/test")).Data().Text("outcome").ShouldBe("delivered");

        (await tenant.SubscriberAsync(subscription.Id)).Text("circuit").ShouldBe("open");
    }

    private static readonly string[] Schedule = ["0s", "1s", "1s", "1s", "1s", "1s", "1s", "1s", "1s", "1s"];

    // Never answers anything else, and has enough to do.
    private async Task<Subscription> FailingAsync(TenantApi tenant, int threshold, string cooldown)
    {
        var subscription = await tenant.SubscribeAsync(
            shared.Receiver.NewEndpoint().Replies(Reply.Status(503)),
            "order.*",
            new { circuit_threshold = threshold, circuit_cooldown = cooldown, max_in_flight = 1, retry_schedule = Schedule });
        for (var i = 0; i < Deliveries; i++)
            await tenant.PostAsync("order.paid");
        return subscription;
    }

    // Works again since its circuit has opened, for an hour.
    private async Task<(TenantApi Tenant, Subscription Subscription)> OpenedAsync()
    {
        var tenant = await shared.NewTenantAsync();
        var endpoint = shared.Receiver.NewEndpoint().Replies(Reply.Status(500));
        var subscription = await tenant.SubscribeAsync(
            endpoint, "order.*", new { circuit_threshold = 1, circuit_cooldown = "1h", retry_schedule = Schedule });
        await tenant.PostAsync("order.paid");
        await OpenAsync(tenant, subscription.Id);
        endpoint.Replies(Reply.Ok);
        return (tenant, subscription);
    }

    private static async Task<JsonElement> OpenAsync(TenantApi tenant, string id)
    {
        JsonElement subscriber = default;
        await Eventually.TrueAsync(
            async () => (subscriber = await tenant.SubscriberAsync(id)).Text("circuit") != "closed",
            () => $"the circuit to open: {subscriber}");
        return subscriber;
    }
}
