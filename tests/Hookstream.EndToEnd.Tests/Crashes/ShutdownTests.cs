using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.Receivers;
using Hookstream.EndToEnd.Tests.Servers;

namespace Hookstream.EndToEnd.Tests.Crashes;

/// <summary>SIGTERM while a send is under way.</summary>
public class ShutdownTests
{
    [Fact]
    public async Task Send_that_ends_within_the_deadline_is_recorded_and_never_repeated()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var server = await StartServerAsync();
        var tenant = await TenantApi.CreateAsync(server.Http, server.AdminToken);
        var stops = new TaskCompletionSource();
        var endpoint = receiver.NewEndpoint().Replies(Reply.Ok with { Gate = stops.Task }, Reply.Ok);
        await tenant.SubscribeAsync(endpoint);
        await tenant.PostAsync("order.paid");
        var slow = (await endpoint.WaitForAsync(1))[0];

        var stopping = server.StopAsync();
        await server.Log.WaitForAsync("Stopping: 1 sends");
        stops.SetResult();
        (await stopping).ShouldBe(0);

        await server.Log.WaitForAsync("\"message\":\"Stopping; sends in flight have 20 s to end\"");
        await server.StartAgainAsync();
        var delivery = await tenant.DeliveryAsync(slow.DeliveryId, "delivered");
        delivery.Number("attempt_count").ShouldBe(1);
        delivery.Attempts().ShouldHaveSingleItem().Text("outcome").ShouldBe("delivered");
        var later = await tenant.PostAsync("order.paid");
        var requests = await endpoint.WaitForAsync(2);
        requests[1].EventId.ShouldBe(later.Id);
    }

    [Fact]
    public async Task Send_that_is_cut_off_is_recorded_as_interrupted_and_tried_again()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var server = await StartServerAsync(("HOOKSTREAM_SHUTDOWN_DEADLINE", "1s"));
        var tenant = await TenantApi.CreateAsync(server.Http, server.AdminToken);
        var endpoint = receiver.NewEndpoint().Replies(Reply.Hang, Reply.Ok);
        await tenant.SubscribeAsync(endpoint);
        await tenant.PostAsync("order.paid");
        var first = (await endpoint.WaitForAsync(1))[0];

        (await server.StopAsync()).ShouldBe(0);

        await server.StartAgainAsync();
        var requests = await endpoint.WaitForAsync(2);
        requests[1].DeliveryId.ShouldBe(first.DeliveryId);
        requests[1].EventId.ShouldBe(first.EventId);
        var delivery = await tenant.DeliveryAsync(first.DeliveryId, "delivered");
        delivery.Attempts().Select(attempt => attempt.Text("outcome")).ShouldBe(["interrupted", "delivered"]);
    }

    [Fact]
    public async Task What_was_waiting_at_a_stop_is_sent_after_the_start()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var server = await StartServerAsync(("HOOKSTREAM_RETRY_SCHEDULE", "0s,3s"));
        var tenant = await TenantApi.CreateAsync(server.Http, server.AdminToken);
        var failing = receiver.NewEndpoint("failing").Replies(Reply.Status(500), Reply.Ok);
        await tenant.SubscribeAsync(failing);
        var paused = await tenant.SubscribeAsync(receiver.NewEndpoint("paused"));
        await tenant.Api.PatchAsync($"/api/v1/subscribers/{paused.Id}/pause");
        await tenant.PostAsync("order.paid");
        var deliveryId = (await failing.WaitForAsync(1))[0].DeliveryId;
        await tenant.DeliveryAsync(deliveryId, delivery => delivery.Number("attempt_count") == 1, "to have failed");

        (await server.StopAsync()).ShouldBe(0);
        await server.StartAgainAsync();

        (await tenant.DeliveryAsync(deliveryId, "delivered")).Number("attempt_count").ShouldBe(2);
        paused.Endpoint.Requests.ShouldBeEmpty();
        await tenant.Api.PatchAsync($"/api/v1/subscribers/{paused.Id}/resume");
        await paused.Endpoint.WaitForAsync(1);
    }

    private protected virtual Task<ServerProcess> StartServerAsync(params (string Name, string Value)[] settings) =>
        ServerProcess.StartAsync(settings);
}
