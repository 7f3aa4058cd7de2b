using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.Receivers;
using Hookstream.EndToEnd.Tests.Servers;

namespace Hookstream.EndToEnd.Tests.Subscribers;

/// <summary>What has done nothing but fail for <c>HOOKSTREAM_DISABLE_AFTER</c> is disabled, until a person resumes it.</summary>
public class DisabledEndpointTests
{
    private static readonly TimeSpan DisableAfter = TimeSpan.FromSeconds(3);

    private static readonly object Probed = new
    {
        circuit_threshold = 1,
        circuit_cooldown = "1s",
        retry_schedule = new[] { "0s", "1s", "1s", "1s", "1s", "1s", "1s", "1s", "1s", "1s", "1s", "1s", "1s", "1s" },
    };

    [Fact]
    public async Task Endpoint_that_does_nothing_but_fail_is_told_of_and_disabled_and_delivers_again_when_it_is_resumed()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var server = await StartServerAsync(("HOOKSTREAM_DISABLE_AFTER", "3s"));
        var tenant = await TenantApi.CreateAsync(server.Http, server.AdminToken);
        var operations = await tenant.SubscribeAsync(receiver.NewEndpoint("operations"), "hookstream.endpoint.disabled");
        var failing = await tenant.SubscribeAsync(
            receiver.NewEndpoint("failing").Replies(Reply.Status(500)), "order.*", Probed);
        // Fails at first, too, and once more when the time is over; with something delivered in between, it is never to be disabled.
        var recovering = await tenant.SubscribeAsync(
            receiver.NewEndpoint("recovering").Replies(Reply.Status(500), Reply.Ok), "order.*", Probed);
        var first = await tenant.PostAsync("order.paid");
        var second = await tenant.PostAsync("order.paid");

        var told = (await operations.Endpoint.WaitForAsync(1))[0];

        var failed = failing.Endpoint.Requests;
        (told.At - failed[0].At).ShouldBeGreaterThan(DisableAfter - TimeSpan.FromMilliseconds(100));
        told.Header("X-Hookstream-Event").ShouldBe("hookstream.endpoint.disabled");
        told.Json.GetProperty("data").Text("subscriber_id").ShouldBe(failing.Id);
        told.Json.GetProperty("data").Text("reason").ShouldBe("everything sent to it for 3s has failed");
        var disabled = await tenant.SubscriberAsync(failing.Id);
        disabled.Text("status").ShouldBe("disabled");
        disabled.Text("status_reason").ShouldBe("everything sent to it for 3s has failed");
        foreach (var posted in new[] { first, second })
        {
            await tenant.DeliveryAsync(await tenant.DeliveryIdAsync(posted.Id, failing.Id), "cancelled");
            await tenant.DeliveryAsync(await tenant.DeliveryIdAsync(posted.Id, recovering.Id), "delivered");
        }

        recovering.Endpoint.Replies(Reply.Status(500), Reply.Ok);
        var missed = await tenant.PostAsync("order.paid");
        missed.EnqueuedCount.ShouldBe(1);
        var again = await tenant.DeliveryAsync(await tenant.DeliveryIdAsync(missed.Id, recovering.Id), "delivered");
        again.Number("attempt_count").ShouldBe(2);
        (await tenant.SubscriberAsync(recovering.Id)).Text("status").ShouldBe("active");
        failing.Endpoint.Replies(Reply.Ok);

        var resumed = (await tenant.Api.PatchAsync($"/api/v1/subscribers/{failing.Id}/resume")).Data();

        resumed.Text("status").ShouldBe("active");
        resumed.Text("circuit").ShouldBe("closed");
        var next = await tenant.PostAsync("order.paid");
        next.EnqueuedCount.ShouldBe(2);
        var received = (await failing.Endpoint.WaitForAsync(failed.Count + 1))[failed.Count];
        received.EventId.ShouldBe(next.Id);
        var delivered = await tenant.DeliveryAsync(received.DeliveryId, "delivered");
        delivered.Attempts().ShouldHaveSingleItem().Text("trigger").ShouldBe("schedule");
        operations.Endpoint.Requests.Count.ShouldBe(1);
    }

    private protected virtual Task<ServerProcess> StartServerAsync(params (string Name, string Value)[] settings) =>
        ServerProcess.StartAsync(settings);
}
