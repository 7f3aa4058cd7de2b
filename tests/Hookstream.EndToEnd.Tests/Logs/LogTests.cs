using System.Text.Json;
using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.Receivers;
using Hookstream.EndToEnd.Tests.Servers;

namespace Hookstream.EndToEnd.Tests.Logs;

/// <summary>What a log pipeline can rely on: every line is an object with the same beginning, every attempt one of them.</summary>
public sealed class LogTests
{
    private static readonly string[] Beginning = ["timestamp", "level", "category", "message"];
    private static readonly string[] Levels = ["trace", "debug", "info", "warn", "error", "fatal"];

    private static readonly string[] OfAttempt =
    [
        .. Beginning, "tenant", "event", "event_type", "delivery", "endpoint", "attempt", "trigger", "outcome", "status_code",
        "duration_ms", "status", "next_attempt_at", "trace_id",
    ];

    private static readonly string[] OfIngest =
        [.. Beginning, "request_id", "tenant", "events", "accepted", "deliveries", "duration_ms", "trace_id"];

    [Fact]
    public async Task Every_line_is_json_and_every_attempt_has_one_without_payload_and_secrets()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var server = await ServerProcess.StartAsync(
            ("LOG_LEVEL", "trace"), ("HOOKSTREAM_RETRY_SCHEDULE", "0s,1s"));
        var tenant = await TenantApi.CreateAsync(server.Http, server.AdminToken);
        var subscription = await tenant.SubscribeAsync(receiver.NewEndpoint().Replies(Reply.Status(500), Reply.Ok), "order.*");
        var posted = await tenant.PostAsync("order.paid", """{"card":"the-payload"}""");
        var delivery = await tenant.DeliveryIdAsync(posted.Id, subscription.Id);
        await tenant.DeliveryAsync(delivery, "delivered");
        (await tenant.Api.PostAsync("/api/v1/events", """{"type":"order.paid","payload":"the-payload"}""")).ShouldHaveStatus(400);
        (await server.StopAsync()).ShouldBe(0);

        var lines = server.Log.Since(0);
        var records = lines.Select(line => JsonElement.Parse(line)).ToArray();

        foreach (var record in records)
        {
            record.EnumerateObject().Select(property => property.Name).Take(4).ShouldBe(Beginning);
            record.EnumerateObject().Select(property => property.Name).ShouldBeUnique();
            DateTimeOffset.Parse(record.Text("timestamp"), null).Offset.ShouldBe(TimeSpan.Zero);
            Levels.ShouldContain(record.Text("level"));
        }

        records[^1].Text("message").ShouldBe("Stopped");
        var attempts = records.Where(record => record.TryGetProperty("attempt", out _)).ToArray();
        attempts.Length.ShouldBe(2);
        foreach (var attempt in attempts)
        {
            attempt.EnumerateObject().Select(property => property.Name).ShouldBe(OfAttempt);
            attempt.Text("level").ShouldBe("info");
            attempt.Text("tenant").ShouldBe(tenant.Id);
            attempt.Text("event").ShouldBe(posted.Id);
            attempt.Text("event_type").ShouldBe("order.paid");
            attempt.Text("delivery").ShouldBe(delivery);
            attempt.Text("endpoint").ShouldBe(subscription.Id);
            attempt.Text("trigger").ShouldBe("schedule");
            attempt.GetProperty("duration_ms").GetDouble().ShouldBeGreaterThan(0);
        }

        var ingest = records.Where(record => record.TryGetProperty("accepted", out _)).ShouldHaveSingleItem();
        ingest.EnumerateObject().Select(property => property.Name).ShouldBe(OfIngest);
        (ingest.Text("level"), ingest.Text("tenant"), ingest.Number("events"), ingest.Number("deliveries")).ShouldBe(("debug", tenant.Id, 1, 1));
        ingest.IsNull("trace_id").ShouldBeTrue();

        var (failed, delivered) = (attempts[0], attempts[1]);
        (failed.Number("attempt"), failed.Text("outcome"), failed.Number("status_code"), failed.Text("status"))
            .ShouldBe((1, "http_status", 500, "failed"));
        // Before the attempt: the line itself may be written late.
        DateTimeOffset.Parse(failed.Text("next_attempt_at"), null)
            .ShouldBeGreaterThan(DateTimeOffset.Parse(ingest.Text("timestamp"), null).AddSeconds(0.9));
        (delivered.Number("attempt"), delivered.Text("outcome"), delivered.Number("status_code"), delivered.Text("status"))
            .ShouldBe((2, "delivered", 200, "delivered"));
        delivered.IsNull("next_attempt_at").ShouldBeTrue();
        delivered.IsNull("trace_id").ShouldBeTrue();

        foreach (var secret in (string[])["the-payload", subscription.Secret, tenant.Key, server.ApiToken, server.AdminToken])
            lines.Count(line => line.Contains(secret, StringComparison.Ordinal)).ShouldBe(0);
    }
}
