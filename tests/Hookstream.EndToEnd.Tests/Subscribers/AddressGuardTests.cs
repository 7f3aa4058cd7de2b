using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.Receivers;
using Hookstream.EndToEnd.Tests.Servers;

namespace Hookstream.EndToEnd.Tests.Subscribers;

/// <summary>A deployment that opened loopback, as it does by default, and then does not any more.</summary>
public class AddressGuardTests
{
    private static readonly string[] OneAttempt = ["0s"];

    [Fact]
    public async Task Network_that_is_open_no_more_is_refused_to_new_subscribers_and_to_those_that_are_there()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var server = await StartServerAsync();
        await server.Log.WaitForAsync("Deliveries may reach public addresses, and 127.0.0.0/8, ::1/128");
        var tenant = await TenantApi.CreateAsync(server.Http, server.AdminToken);
        var literal = await tenant.SubscribeAsync(receiver.NewEndpoint(), "*", new { retry_schedule = OneAttempt });
        var named = new UriBuilder(receiver.NewEndpoint().Url) { Host = "localhost" }.Uri;
        var byName = (await tenant.Api.PostAsync(
            "/api/v1/subscribers", new { url = named, events = new[] { "*" }, retry_schedule = OneAttempt })).Data(201).Text("id");
        var before = await tenant.PostAsync("order.paid");
        foreach (var id in new[] { literal.Id, byName })
            await tenant.DeliveryAsync(await tenant.DeliveryIdAsync(before.Id, id), "delivered");
        var received = literal.Endpoint.Requests.Count;

        (await server.StopAsync()).ShouldBe(0);
        await server.StartAgainAsync(("HOOKSTREAM_ALLOWED_NETWORKS", ""));

        foreach (var url in new[] { literal.Endpoint.Url.ToString(), named.ToString(), "http://127.1/", "http://[::1]/" })
        {
            (await tenant.Api.PostAsync("/api/v1/subscribers", new { url, events = new[] { "*" } }))
                .ShouldBeProblem(400, "url_forbidden", "url").Text("detail").ShouldContain("HOOKSTREAM_ALLOWED_NETWORKS");
        }

        var after = await tenant.PostAsync("order.paid");
        foreach (var id in new[] { literal.Id, byName })
        {
            var delivery = await tenant.DeliveryAsync(await tenant.DeliveryIdAsync(after.Id, id), "dead_letter");
            delivery.GetProperty("last_error").Text("code").ShouldBe("blocked_address");
            var attempt = delivery.Attempts().ShouldHaveSingleItem();
            attempt.Text("outcome").ShouldBe("blocked_address");
            attempt.Text("error").ShouldNotContain("127.0.0.1");
            var test = (await tenant.Api.PostAsync($"/api/v1/subscribers/{id}/test")).Data();
            test.Text("outcome").ShouldBe("blocked_address");
            (await tenant.Api.PostAsync($"/api/v1/subscribers/{id}/verify")).ShouldBeProblem(400, "verification_failed");
        }

        literal.Endpoint.Requests.Count.ShouldBe(received);
    }

    private protected virtual Task<ServerProcess> StartServerAsync() => ServerProcess.StartAsync();
}
