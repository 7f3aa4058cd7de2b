using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.Receivers;
using Hookstream.EndToEnd.Tests.Servers;

namespace Hookstream.EndToEnd.Tests.Events;

public class OperationalEventTests(SharedServer shared)
{
    private static readonly object Once = new { retry_schedule = new[] { "0s" } };

    [Fact]
    public async Task Dead_letters_and_disabled_endpoints_are_told_to_whom_names_them_and_never_about_themselves()
    {
        var tenant = await shared.NewTenantAsync();
        var operations = await tenant.SubscribeAsync(shared.Receiver.NewEndpoint("operations"), "hookstream.*", Once);
        var everything = await tenant.SubscribeAsync(shared.Receiver.NewEndpoint("everything"), "*", Once);
        var broken = await tenant.SubscribeAsync(
            shared.Receiver.NewEndpoint("broken").Replies(Reply.Status(500)), "order.*", Once);
        var gone = await tenant.SubscribeAsync(shared.Receiver.NewEndpoint("gone").Replies(Reply.Status(410)), "invoice.*", Once);

        var order = await tenant.PostAsync("order.paid");
        await tenant.PostAsync("invoice.sent");

        var told = await operations.Endpoint.WaitForAsync(3);
        told.Select(request => request.Header("X-Hookstream-Event")).ShouldBe(
            ["hookstream.delivery.dead_lettered", "hookstream.delivery.dead_lettered", "hookstream.endpoint.disabled"],
            ignoreOrder: true);
        var dead = told.Select(request => request.Json.GetProperty("data"))
            .Single(data => data.Text("subscriber_id") == broken.Id);
        dead.Text("event_id").ShouldBe(order.Id);
        dead.Text("event_type").ShouldBe("order.paid");
        (await tenant.DeliveryAsync(dead.Text("delivery_id"))).Text("status").ShouldBe("dead_letter");
        var disabled = told.Single(request => request.Header("X-Hookstream-Event") == "hookstream.endpoint.disabled");
        disabled.Json.GetProperty("data").Text("subscriber_id").ShouldBe(gone.Id);
        disabled.Json.GetProperty("data").Text("reason").ShouldNotBeEmpty();
        (await everything.Endpoint.WaitForAsync(2)).Count.ShouldBe(2);

        // Of its own dead letters nothing is told: the next that it hears of is the next order.
        operations.Endpoint.Replies(Reply.Status(500));
        await tenant.PostAsync("order.paid");
        var failed = (await operations.Endpoint.WaitForAsync(4))[3];
        await tenant.DeliveryAsync(failed.DeliveryId, "dead_letter");
        operations.Endpoint.Replies(Reply.Ok);
        var last = await tenant.PostAsync("order.paid");
        (await operations.Endpoint.WaitForAsync(5))[4].Json.GetProperty("data").Text("event_id").ShouldBe(last.Id);
    }

    [Fact]
    public async Task Circuit_is_told_to_open_and_to_close()
    {
        var tenant = await shared.NewTenantAsync();
        var operations = await tenant.SubscribeAsync(shared.Receiver.NewEndpoint("operations"), "hookstream.endpoint.*");
        var failing = await tenant.SubscribeAsync(
            shared.Receiver.NewEndpoint("failing").Replies(Reply.Status(503)),
            "*",
            new { circuit_threshold = 1, circuit_cooldown = "1s", retry_schedule = new[] { "0s", "1s", "1s", "1s", "1s", "1s", "1s", "1s" } });

        await tenant.PostAsync("order.paid");

        var opened = (await operations.Endpoint.WaitForAsync(1))[0];
        opened.Header("X-Hookstream-Event").ShouldBe("hookstream.endpoint.circuit_opened");
        var data = opened.Json.GetProperty("data");
        data.Text("subscriber_id").ShouldBe(failing.Id);
        data.GetProperty("failures").GetInt32().ShouldBe(1);
        var openedAt = data.GetProperty("opened_at").GetDateTimeOffset();
        data.GetProperty("next_probe_at").GetDateTimeOffset().ShouldBe(openedAt.AddSeconds(1));

        // A probe that fails is no news.
        await failing.Endpoint.WaitForAsync(3);
        failing.Endpoint.Replies(Reply.Ok);

        var closed = (await operations.Endpoint.WaitForAsync(2))[1];
        closed.Header("X-Hookstream-Event").ShouldBe("hookstream.endpoint.circuit_closed");
        closed.Json.GetProperty("data").Text("subscriber_id").ShouldBe(failing.Id);
        closed.Json.GetProperty("data").GetProperty("opened_at").GetDateTimeOffset().ShouldBe(openedAt);
        (await tenant.SubscriberAsync(failing.Id)).Text("circuit").ShouldBe("closed");

        // Whoever runs the server reads the same in its log.
        var circuit = $"The circuit of {failing.Id} of {tenant.Id} ";
        await shared.Server.Log.WaitForAsync($"{circuit}closed");
        var lines = shared.Server.Log.Records().Where(line => line.Text("message").StartsWith(circuit, StringComparison.Ordinal)).ToArray();
        lines.Select(line => line.Text("level")).ShouldBe(["warn", "info"]);
        lines[0].GetProperty("next_probe_at").GetDateTimeOffset().ShouldBe(openedAt.AddSeconds(1));
    }
}
