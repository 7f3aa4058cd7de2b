using System.Diagnostics;
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
    public async Task Endpoint_that_fails_is_left_alone_and_gets_everything_when_its_probe_succeeds()
    {
        var tenant = await shared.NewTenantAsync();
        var endpoint = shared.Receiver.NewEndpoint().Replies(Reply.Status(503));
        var subscription = await tenant.SubscribeAsync(
            endpoint, "order.*", new { circuit_threshold = 3, circuit_cooldown = "2s", max_in_flight = 1, retry_schedule = Schedule });
        for (var i = 0; i < Deliveries; i++)
            await tenant.PostAsync("order.paid");

        var open = await OpenAsync(tenant, subscription.Id);
        open.Text("status").ShouldBe("active");
        open.GetProperty("next_probe_at").GetDateTimeOffset()
            .ShouldBe(open.GetProperty("circuit_opened_at").GetDateTimeOffset().AddSeconds(2));
        var held = await tenant.ListAsync($"/api/v1/deliveries?subscriber_id={subscription.Id}&status=held&limit=100");
        held.Count.ShouldBe(Deliveries);
        held.ShouldAllBe(delivery => delivery.Text("hold_reason") == "circuit_open");
        // Some are sent between the third failure and its being recorded; from then on, one in two seconds.
        var atOpening = endpoint.Requests.Count;
        atOpening.ShouldBeInRange(3, 20);
        var opened = Stopwatch.StartNew();
        await endpoint.WaitForAsync(atOpening + 3);
        opened.Elapsed.ShouldBeGreaterThan(TimeSpan.FromSeconds(3.5));
        endpoint.Replies(Reply.Ok);

        await Eventually.TrueAsync(
            async () => (await tenant.ListAsync($"/api/v1/deliveries?subscriber_id={subscription.Id}&status=delivered&limit=100")).Count == Deliveries,
            () => "all to be delivered");

        var closed = await tenant.SubscriberAsync(subscription.Id);
        closed.Text("circuit").ShouldBe("closed");
        closed.GetProperty("circuit_opened_at").ValueKind.ShouldBe(JsonValueKind.Null);
        closed.GetProperty("next_probe_at").ValueKind.ShouldBe(JsonValueKind.Null);
        var probes = 0;
        foreach (var id in endpoint.Requests.Select(request => request.DeliveryId).Distinct())
        {
            var attempts = (await tenant.DeliveryAsync(id, "delivered")).GetProperty("attempts").EnumerateArray();
            probes += attempts.Count(attempt => attempt.Text("trigger") == "probe");
        }

        probes.ShouldBeInRange(2, 4);
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
