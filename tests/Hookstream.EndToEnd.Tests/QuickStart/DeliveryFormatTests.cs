using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.Receivers;
using Hookstream.EndToEnd.Tests.Servers;

namespace Hookstream.EndToEnd.Tests.QuickStart;

/// <summary>What a subscriber receives: body, headers and signatures.</summary>
public partial class DeliveryFormatTests(SharedServer shared)
{
    /// <summary>Everything that a parse and a re-serialisation would change.</summary>
    private const string OddPayload =
        "{ \"amount\" :1.0e2,\t\"big\":12345678901234567890.10,\n \"text\":\"\\u00e9\\/ é \\u0000 \\ud83d\\ude00 😀\","
        + "\"a\":1,\"a\":2,\"A\":null, \"nested\":{\"data\":{\"id\":[ ]}},\"-0\":-0.0 }";

    [Fact]
    public async Task Delivery_arrives_as_envelope_with_all_headers_and_both_signatures()
    {
        var tenant = await shared.NewTenantAsync();
        var subscription = await tenant.SubscribeAsync(shared.Receiver.NewEndpoint(), "payment.*");

        var posted = await tenant.PostAsync("payment.completed", OddPayload);

        posted.EnqueuedCount.ShouldBe(1);
        var request = (await subscription.Endpoint.WaitForAsync(1))[0];
        request.Method.ShouldBe("POST");
        var timestamp = request.Json.Text("timestamp");
        timestamp.ShouldMatch(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$");
        request.Text.ShouldBe(
            $$"""{"id":"{{posted.Id}}","type":"payment.completed","timestamp":"{{timestamp}}","data":{{OddPayload}}}""");

        request.Header("Content-Type").ShouldBe("application/json");
        request.Header("User-Agent").ShouldMatch(@"^Hookstream/\d+\.\d+\.\d+\S*$");
        request.Header("X-Hookstream-Event").ShouldBe("payment.completed");
        request.Header("X-Hookstream-Attempt").ShouldBe("1");
        request.Header("X-Hookstream-Delivery").ShouldMatch("^dlv_[0-9a-hjkmnp-tv-z]{26}$");
        request.Header("webhook-id").ShouldBe(posted.Id);
        var sentAt = DateTimeOffset.FromUnixTimeSeconds(
            long.Parse(request.Header("webhook-timestamp"), CultureInfo.InvariantCulture));
        sentAt.ShouldBe(request.At, TimeSpan.FromMinutes(1));
        request.Headers.ShouldNotContainKey("X-Hookstream-Signature-Next");
        request.Headers.ShouldNotContainKey("Cookie");
        request.ShouldBeSignedBy(subscription.Secret);
    }

    [Fact]
    public async Task Delivery_and_its_attempt_are_recorded()
    {
        var tenant = await shared.NewTenantAsync();
        var subscription = await tenant.SubscribeAsync(
            shared.Receiver.NewEndpoint().Replies(new Reply { Body = "thanks"u8.ToArray(), Headers = [("X-Served-By", "a1")] }));

        var posted = await tenant.PostAsync("payment.completed");

        var request = (await subscription.Endpoint.WaitForAsync(1))[0];
        var delivery = await tenant.DeliveryAsync(request.DeliveryId, "delivered");
        delivery.Text("id").ShouldBe(request.DeliveryId);
        delivery.Text("event_id").ShouldBe(posted.Id);
        delivery.Text("event_type").ShouldBe("payment.completed");
        delivery.Text("subscriber_id").ShouldBe(subscription.Id);
        delivery.Number("attempt_count").ShouldBe(1);
        delivery.Number("last_status_code").ShouldBe(200);
        delivery.IsNull("hold_reason").ShouldBeTrue();
        delivery.IsNull("last_error").ShouldBeTrue();
        delivery.IsNull("next_attempt_at").ShouldBeTrue();
        Times().IsMatch(delivery.Text("finished_at")).ShouldBeTrue(delivery.ToString());
        Times().IsMatch(delivery.Text("last_attempt_at")).ShouldBeTrue(delivery.ToString());

        var attempt = delivery.Attempts().ShouldHaveSingleItem();
        attempt.Text("id").ShouldStartWith("att_");
        attempt.Number("number").ShouldBe(1);
        attempt.Text("trigger").ShouldBe("schedule");
        attempt.Text("outcome").ShouldBe("delivered");
        attempt.Number("status_code").ShouldBe(200);
        attempt.IsNull("error").ShouldBeTrue();
        attempt.Number("duration_ms").ShouldBeGreaterThanOrEqualTo(0);
        attempt.Text("response_body").ShouldBe("thanks");
        attempt.GetProperty("response_truncated").GetBoolean().ShouldBeFalse();
        attempt.GetProperty("response_headers").ToString().ShouldContain("X-Served-By", Case.Insensitive);
        attempt.GetProperty("request_headers").ToString().ShouldContain("webhook-id", Case.Insensitive);
    }

    [Fact]
    public async Task Payload_format_raw_sends_the_payload_alone()
    {
        var tenant = await shared.NewTenantAsync();
        var subscription = await tenant.SubscribeAsync(shared.Receiver.NewEndpoint(), "*", new { payload_format = "raw" });

        await tenant.PostAsync("payment.completed", OddPayload);

        var request = (await subscription.Endpoint.WaitForAsync(1))[0];
        request.Text.ShouldBe(OddPayload);
        request.ShouldBeSignedBy(subscription.Secret);
    }

    [Fact]
    public async Task Payload_format_legacy_sends_event_type_and_payload()
    {
        var tenant = await shared.NewTenantAsync();
        var subscription = await tenant.SubscribeAsync(shared.Receiver.NewEndpoint(), "*", new { payload_format = "legacy" });

        await tenant.PostAsync("payment.completed", OddPayload);

        var request = (await subscription.Endpoint.WaitForAsync(1))[0];
        request.Text.ShouldBe($$"""{"event_type":"payment.completed","payload":{{OddPayload}}}""");
        request.ShouldBeSignedBy(subscription.Secret);
    }

    [Theory]
    [InlineData("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    public async Task Given_secret_signs_in_both_schemes(string secret)
    {
        var tenant = await shared.NewTenantAsync();
        var subscription = await tenant.SubscribeAsync(shared.Receiver.NewEndpoint(), "*", new { secret });

        await tenant.PostAsync("payment.completed", OddPayload);

        subscription.Secret.ShouldBe(secret);
        (await subscription.Endpoint.WaitForAsync(1))[0].ShouldBeSignedBy(secret);
    }

    [Fact]
    public async Task Generated_secret_is_32_random_bytes_and_shown_only_once()
    {
        var tenant = await shared.NewTenantAsync();
        var subscription = await tenant.SubscribeAsync(shared.Receiver.NewEndpoint());

        subscription.Secret.ShouldStartWith("whsec_");
        Convert.FromBase64String(subscription.Secret["whsec_".Length..]).Length.ShouldBe(32);
        var listed = await tenant.Api.GetAsync("/api/v1/subscribers");
        listed.Text.ShouldNotContain("whsec_");
        (await tenant.SubscriberAsync(subscription.Id)).ToString().ShouldNotContain("whsec_");
        shared.Server.Log.Since(0).ShouldAllBe(line => !line.Contains(subscription.Secret));
    }

    [Fact]
    public async Task Timestamp_given_with_the_event_is_that_of_the_envelope()
    {
        var tenant = await shared.NewTenantAsync();
        var subscription = await tenant.SubscribeAsync(shared.Receiver.NewEndpoint());

        await tenant.PostAsync("payment.completed", "{}", ""","timestamp":"2026-01-01T02:00:00+02:00" """);

        (await subscription.Endpoint.WaitForAsync(1))[0].Json.Text("timestamp").ShouldBe("2026-01-01T00:00:00.000Z");
    }

    [Fact]
    public async Task Event_can_be_read_back_with_payload_and_deliveries()
    {
        var tenant = await shared.NewTenantAsync();
        var subscription = await tenant.SubscribeAsync(shared.Receiver.NewEndpoint());

        var posted = await tenant.PostAsync("payment.completed", OddPayload);

        await subscription.Endpoint.WaitForAsync(1);
        var answer = await tenant.Api.GetAsync($"/api/v1/events/{posted.Id}");
        var read = answer.Data();
        read.Text("type").ShouldBe("payment.completed");
        read.Text("priority").ShouldBe("normal");
        read.IsNull("idempotency_key").ShouldBeTrue();
        read.GetProperty("payload").GetRawText().ShouldBe(OddPayload);
        var delivery = read.GetProperty("deliveries").EnumerateArray().ShouldHaveSingleItem();
        delivery.Text("subscriber_id").ShouldBe(subscription.Id);
        delivery.GetProperty("attempts").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Array);
    }

    [Fact]
    public async Task First_event_arrives_with_the_token_of_the_default_tenant()
    {
        var api = new ApiClient(shared.Server.Http, shared.Server.ApiToken);
        var endpoint = shared.Receiver.NewEndpoint();
        var created = (await api.PostAsync(
            "/api/v1/subscribers", new { url = endpoint.Url, event_types = new[] { "quick.start" } })).Data(201);

        (await api.PostAsync("/api/v1/events", """{"event_type":"quick.start","payload":{"first":true}}""")).Data(202);

        var request = (await endpoint.WaitForAsync(1))[0];
        request.ShouldBeSignedBy(created.Text("secret"));
        request.Data.ShouldBe(Encoding.UTF8.GetBytes("""{"first":true}"""));
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")]
    private static partial Regex Times();
}
