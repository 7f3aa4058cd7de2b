using System.Text.Json;
using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.Receivers;
using Hookstream.EndToEnd.Tests.Servers;

namespace Hookstream.EndToEnd.Tests.Subscribers;

public class SubscriberChangeTests(SharedServer shared)
{
    private static readonly string[] Fields =
    [
        "id", "url", "events", "description", "status", "status_reason", "verified_at", "timeout_ms", "retry_schedule",
        "max_in_flight", "rate_limit_per_second", "circuit_threshold", "circuit_cooldown", "headers", "payload_format", "verification",
        "metadata", "created_at", "updated_at",
    ];

    private static readonly string[] WithDefaults =
        ["timeout_ms", "description", "payload_format", "max_in_flight", "metadata", "retry_schedule", "rate_limit_per_second",
            "circuit_threshold", "circuit_cooldown", "headers"];

    [Fact]
    public async Task Subscriber_reads_back_as_it_was_written()
    {
        var tenant = await shared.NewTenantAsync();
        var settings = new
        {
            description = "orders of ö",
            timeout_ms = 5000,
            retry_schedule = new[] { "0s", "250ms", "1h" },
            max_in_flight = 3,
            rate_limit_per_second = 12.5,
            circuit_threshold = 4,
            circuit_cooldown = "90s",
            payload_format = "raw",
            verification = "required",
            metadata = new { team = "billing", nested = new { n = 1 } },
        };
        var subscription = await tenant.SubscribeAsync(shared.Receiver.NewEndpoint(), "order.*", settings);

        var read = await tenant.SubscriberAsync(subscription.Id);

        foreach (var field in Fields)
            read.TryGetProperty(field, out _).ShouldBeTrue($"{field} is not in {read}");
        read.TryGetProperty("secret", out _).ShouldBeFalse();
        read.Text("url").ShouldBe(subscription.Endpoint.Url.ToString());
        read.GetProperty("events").ToString().ShouldBe("""["order.*"]""");
        foreach (var expected in JsonSerializer.SerializeToElement(settings).EnumerateObject())
            JsonElement.DeepEquals(read.GetProperty(expected.Name), expected.Value).ShouldBeTrue($"{expected.Name} in {read}");
    }

    [Fact]
    public async Task Patch_changes_what_it_names_and_null_restores_the_default()
    {
        var tenant = await shared.NewTenantAsync();
        var byDefault = await tenant.SubscriberAsync((await tenant.SubscribeAsync(shared.Receiver.NewEndpoint())).Id);
        var subscription = await tenant.SubscribeAsync(
            shared.Receiver.NewEndpoint(),
            "order.*",
            new
            {
                description = "d",
                timeout_ms = 5000,
                payload_format = "raw",
                max_in_flight = 2,
                rate_limit_per_second = 5,
                circuit_threshold = 9,
                circuit_cooldown = "1m",
                headers = new { authorization = "Bearer x" },
                metadata = new { a = 1, b = 2 },
            });

        var changed = await PatchAsync(tenant, subscription, """{"timeout_ms":7000,"metadata":{"a":null,"c":3}}""");

        changed.Number("timeout_ms").ShouldBe(7000);
        changed.Text("description").ShouldBe("d");
        changed.GetProperty("metadata").GetRawText().ShouldBe("""{"b":2,"c":3}""");

        var restored = await PatchAsync(
            tenant,
            subscription,
            $"{{{string.Join(',', WithDefaults.Select(field => $"\"{field}\":null"))}}}");

        foreach (var field in WithDefaults)
        {
            JsonElement.DeepEquals(restored.GetProperty(field), byDefault.GetProperty(field))
                .ShouldBeTrue($"{field} in {restored}");
        }

        restored.GetProperty("events").ToString().ShouldBe("""["order.*"]""");
        restored.Text("updated_at").ShouldNotBe(restored.Text("created_at"));
    }

    [Theory]
    [InlineData("""{"secret":"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}""", "secret")]
    [InlineData("""{"status":"paused"}""", "status")]
    [InlineData("""{"url":null}""", "url")]
    [InlineData("""{"events":null}""", "events")]
    [InlineData("""{"id":"sub_01h455vb4pex5vsknk084sn02q"}""", "id")]
    public async Task Patch_refuses_what_it_cannot_change(string patch, string field)
    {
        var tenant = await shared.NewTenantAsync();
        var subscription = await tenant.SubscribeAsync(shared.Receiver.NewEndpoint());

        (await tenant.Api.PatchAsync($"/api/v1/subscribers/{subscription.Id}", patch))
            .ShouldBeProblem(400, "validation_failed", field);
    }

    [Fact]
    public async Task New_url_serves_what_is_not_yet_sent()
    {
        var tenant = await shared.NewTenantAsync();
        // It fails when the change is made, or all its retries might come before.
        var done = new TaskCompletionSource();
        var old = shared.Receiver.NewEndpoint("old").Replies(Reply.Status(500) with { Gate = done.Task });
        var subscription = await tenant.SubscribeAsync(old);
        var posted = await tenant.PostAsync("order.paid");
        await old.WaitForAsync(1);
        var moved = shared.Receiver.NewEndpoint("moved");

        await PatchAsync(tenant, subscription, $$"""{"url":"{{moved.Url}}"}""");
        done.SetResult();

        (await moved.WaitForAsync(1))[0].EventId.ShouldBe(posted.Id);
    }

    [Fact]
    public async Task Delete_cancels_what_is_pending_and_the_subscriber_is_gone()
    {
        var tenant = await shared.NewTenantAsync();
        var subscription = await tenant.SubscribeAsync(shared.Receiver.NewEndpoint());
        await tenant.Api.PatchAsync($"/api/v1/subscribers/{subscription.Id}/pause");
        var posted = await tenant.PostAsync("order.paid");
        var deliveryId = await tenant.DeliveryIdAsync(posted.Id, subscription.Id);

        (await tenant.Api.DeleteAsync($"/api/v1/subscribers/{subscription.Id}")).ShouldHaveStatus(204);

        (await tenant.Api.GetAsync($"/api/v1/subscribers/{subscription.Id}")).ShouldBeProblem(404, "not_found");
        (await tenant.ListAsync("/api/v1/subscribers")).ShouldBeEmpty();
        (await tenant.PostAsync("order.paid")).EnqueuedCount.ShouldBe(0);
        (await tenant.DeliveryAsync(deliveryId, "cancelled")).IsNull("finished_at").ShouldBeFalse();
        (await tenant.Api.PostAsync($"/api/v1/deliveries/{deliveryId}/replay")).ShouldBeProblem(409, "conflict");
        subscription.Endpoint.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Test_send_passes_a_pause_and_is_stored_nowhere()
    {
        var tenant = await shared.NewTenantAsync();
        var endpoint = shared.Receiver.NewEndpoint().Replies(new Reply { StatusCode = 418, Body = "teapot"u8.ToArray() });
        var subscription = await tenant.SubscribeAsync(endpoint, "order.*");
        await tenant.Api.PatchAsync($"/api/v1/subscribers/{subscription.Id}/pause");

        var attempt = (await tenant.Api.PostAsync($"/api/v1/subscribers/{subscription.Id}/test")).Data();

        attempt.Text("outcome").ShouldBe("http_status");
        attempt.Text("trigger").ShouldBe("test");
        attempt.Number("status_code").ShouldBe(418);
        attempt.Text("response_body").ShouldBe("teapot");
        var request = endpoint.Requests.ShouldHaveSingleItem();
        request.Header("X-Hookstream-Event").ShouldBe("hookstream.test");
        request.Json.Text("type").ShouldBe("hookstream.test");
        request.ShouldBeSignedBy(subscription.Secret);
        (await tenant.ListAsync("/api/v1/events")).ShouldBeEmpty();
        (await tenant.ListAsync("/api/v1/deliveries")).ShouldBeEmpty();
    }

    private static async Task<JsonElement> PatchAsync(TenantApi tenant, Subscription subscription, string patch) =>
        (await tenant.Api.PatchAsync($"/api/v1/subscribers/{subscription.Id}", patch)).Data();
}
