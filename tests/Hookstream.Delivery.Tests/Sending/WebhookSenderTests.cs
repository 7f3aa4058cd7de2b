using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Hookstream.Core.Signing;
using Hookstream.Delivery.Tests.Receivers;
using Hookstream.Delivery.Tests.Stores;
using Microsoft.AspNetCore.Http;

namespace Hookstream.Delivery.Tests.Sending;

public sealed class WebhookSenderTests
{
    private const string Payload = "{ \"amount\" : 1.50,\t\"name\":\"\\u00e9\u00e9\"  }";

    [Fact]
    public async Task Envelope_holds_the_payload_byte_for_byte()
    {
        await using var receiver = await WebReceiver.StartAsync();
        var work = Sample.Work(Sample.Endpoint(receiver.Url), Payload);
        await SendAsync(work);
        receiver.Received.Single().Text.ShouldBe(
            $$"""{"id":"{{work.Event}}","type":"payment.completed","timestamp":"2026-01-02T03:04:05.678Z","data":{{Payload}}}""");
    }

    [Fact]
    public async Task Raw_format_is_the_payload_alone()
    {
        await using var receiver = await WebReceiver.StartAsync();
        var endpoint = Sample.Endpoint(receiver.Url, settings => settings with { PayloadFormat = PayloadFormat.Raw });
        await SendAsync(Sample.Work(endpoint, Payload));
        receiver.Received.Single().Text.ShouldBe(Payload);
    }

    [Fact]
    public async Task Legacy_format_has_event_type_and_payload()
    {
        await using var receiver = await WebReceiver.StartAsync();
        var endpoint = Sample.Endpoint(receiver.Url, settings => settings with { PayloadFormat = PayloadFormat.Legacy });
        await SendAsync(Sample.Work(endpoint, Payload));
        receiver.Received.Single().Text.ShouldBe($$"""{"event_type":"payment.completed","payload":{{Payload}}}""");
    }

    [Fact]
    public async Task Large_payload_arrives_whole()
    {
        await using var receiver = await WebReceiver.StartAsync();
        var payload = $$"""{"text":"{{new string('x', 1_000_000)}}"}""";
        var endpoint = Sample.Endpoint(receiver.Url, settings => settings with { PayloadFormat = PayloadFormat.Raw });
        await SendAsync(Sample.Work(endpoint, payload));
        receiver.Received.Single().Text.ShouldBe(payload);
    }

    [Fact]
    public async Task Request_carries_the_headers_of_the_contract_and_the_attempt_records_them()
    {
        await using var receiver = await WebReceiver.StartAsync();
        var secret = SigningSecret.Generate();
        var work = Sample.Work(Sample.Endpoint(receiver.Url, secrets: new SigningSecrets(secret)), Payload)
            with
        { AttemptCount = 4 };
        var attempt = (await SendAsync(work)).Attempt!;

        var request = receiver.Received.Single();
        request.Method.ShouldBe("POST");
        request.Headers["Content-Type"].ShouldBe("application/json");
        request.Headers["User-Agent"].ShouldBe("Hookstream/1.2.3");
        request.Headers["X-Hookstream-Event"].ShouldBe("payment.completed");
        request.Headers["X-Hookstream-Delivery"].ShouldBe(work.Lease.Delivery.ToString());
        request.Headers["X-Hookstream-Attempt"].ShouldBe("5");
        request.Headers["X-Hookstream-Signature"].ShouldBe(BodyHmac(secret, request));
        request.Headers.ShouldNotContainKey("X-Hookstream-Signature-Next");
        request.Headers["webhook-id"].ShouldBe(work.Event.ToString());
        request.Headers["webhook-signature"].ShouldBe(StandardHmac(secret, request));
        var sentAt = long.Parse(request.Headers["webhook-timestamp"], CultureInfo.InvariantCulture);
        sentAt.ShouldBe(attempt.StartedAt.ToUnixTimeSeconds());

        attempt.Number.ShouldBe(5);
        var recorded = JsonSerializer.Deserialize<Dictionary<string, string>>(attempt.RequestHeaders.Span)!;
        foreach (var (name, value) in recorded)
            request.Headers[name].ShouldBe(value);
        recorded.Count.ShouldBe(9);
    }

    [Fact]
    public async Task Headers_of_the_owner_are_sent_and_recorded_without_their_values()
    {
        await using var receiver = await WebReceiver.StartAsync();
        (string Name, string Value)[] headers =
        [
            ("Authorization", "Bearer hunter2"), ("Cookie", "a=b; c=d"), ("X-Tab", "a\tb"), ("Accept-Encoding", "identity"),
            ("Date", "yesterday"), ("Allow", "some"), ("Expires", "never"), ("Last-Modified", "today"), ("If-Match", "unquoted"),
            ("Set-Cookie", "odd"), ("x_odd.name", "1"),
        ];
        var endpoint = Sample.Endpoint(receiver.Url, settings => settings with
        {
            Headers = CustomHeaders.Of(headers.Select(header => KeyValuePair.Create(header.Name, header.Value))),
        });

        var attempt = (await SendAsync(Sample.Work(endpoint, Payload))).Attempt!;

        var request = receiver.Received.Single();
        foreach (var (name, value) in headers)
            request.Headers[name].ShouldBe(value);
        request.Headers["Content-Type"].ShouldBe("application/json");
        var recorded = JsonSerializer.Deserialize<Dictionary<string, string>>(attempt.RequestHeaders.Span)!;
        recorded.Count.ShouldBe(9 + headers.Length);
        foreach (var (name, _) in headers)
            recorded[name].ShouldBe("********");
        recorded["webhook-id"].ShouldBe(request.Headers["webhook-id"]);
    }

    [Fact]
    public async Task Values_that_the_endpoint_repeats_are_not_recorded()
    {
        await using var receiver = await WebReceiver.StartAsync(async (context, _) =>
        {
            context.Response.Headers["X-Seen"] = context.Request.Headers.Authorization;
            await context.Response.WriteAsync($"ü {context.Request.Headers.Authorization} and s3cr3t-t0ken; {context.Request.Headers["X-Short"]} ü");
        });
        var endpoint = Sample.Endpoint(receiver.Url, settings => settings with
        {
            Headers = CustomHeaders.Of([new("Authorization", "Bearer s3cr3t-t0ken"), new("X-Short", "brief")]),
        });

        var attempt = (await SendAsync(Sample.Work(endpoint, Payload))).Attempt!;

        Encoding.UTF8.GetString(attempt.ResponseBody!.Value.Span).ShouldBe("ü ******** and ********; brief ü");
        Encoding.UTF8.GetString(attempt.ResponseHeaders.Span).ShouldContain("\"X-Seen\":\"********\"");
    }

    [Fact]
    public async Task Previous_secret_signs_until_its_grace_period_ends()
    {
        await using var receiver = await WebReceiver.StartAsync();
        var (current, previous) = (SigningSecret.Generate(), SigningSecret.Generate());
        var now = TimeProvider.System.GetUtcNow();
        await SendAsync(Sample.Work(Sample.Endpoint(
            receiver.Url, secrets: new SigningSecrets(current, previous, now.AddHours(1)))));
        await SendAsync(Sample.Work(Sample.Endpoint(
            receiver.Url, secrets: new SigningSecrets(current, previous, now.AddHours(-1)))));

        var (during, after) = (receiver.Received.First(), receiver.Received.Last());
        during.Headers["X-Hookstream-Signature"].ShouldBe(BodyHmac(previous, during));
        during.Headers["X-Hookstream-Signature-Next"].ShouldBe(BodyHmac(current, during));
        during.Headers["webhook-signature"].ShouldBe($"{StandardHmac(current, during)} {StandardHmac(previous, during)}");
        after.Headers["X-Hookstream-Signature"].ShouldBe(BodyHmac(current, after));
        after.Headers.ShouldNotContainKey("X-Hookstream-Signature-Next");
        after.Headers["webhook-signature"].ShouldBe(StandardHmac(current, after));
    }

    [Fact]
    public async Task Secret_without_prefix_signs_as_it_is_written()
    {
        await using var receiver = await WebReceiver.StartAsync();
        SigningSecret.TryParse(new string('a', 64), out var hex).ShouldBeTrue();
        await SendAsync(Sample.Work(Sample.Endpoint(receiver.Url, secrets: new SigningSecrets(hex!))));
        var request = receiver.Received.Single();
        request.Headers["X-Hookstream-Signature"].ShouldBe(BodyHmac(hex!, request));
    }

    private static string BodyHmac(SigningSecret secret, ReceivedRequest request)
    {
        using var hmac = new HMACSHA256(Encoding.UTF8.GetBytes(secret.Text));
        return "sha256=" + Convert.ToHexString(hmac.ComputeHash(request.Body)).ToLowerInvariant();
    }

    private static string StandardHmac(SigningSecret secret, ReceivedRequest request)
    {
        using var hmac = new HMACSHA256(Convert.FromBase64String(secret.Text.Replace("whsec_", "", StringComparison.Ordinal)));
        var signed = Encoding.UTF8.GetBytes(
            $"{request.Headers["webhook-id"]}.{request.Headers["webhook-timestamp"]}.{request.Text}");
        return "v1," + Convert.ToBase64String(hmac.ComputeHash(signed));
    }

    private static async Task<Settlement> SendAsync(DeliveryWork work)
    {
        await using var host = new WorkerHost();
        await host.StartAsync();
        host.Deliveries.Add(work);
        return (await host.SettledAsync(1)).Single();
    }
}
