using System.Net;
using System.Text.Json;
using Hookstream.Client.Subscribers;

namespace Hookstream.Client.Tests.Subscribers;

public sealed class SubscribersClientTests
{
    private const string Subscriber =
        """
        "id":"sub_1","url":"http://127.0.0.1:9000/","events":["payment.*"],"description":null,"status":"active",
        "status_reason":null,"verified_at":null,"circuit":"closed","timeout_ms":null,"retry_schedule":["0s","30s"],
        "headers":{"X-A":"********"},"rate_limit_per_second":0.5,"circuit_threshold":3,"circuit_cooldown":"10m","payload_format":"standard","verification":"optional","metadata":{"a":1},
        "created_at":"2026-01-01T00:00:00.000Z","updated_at":"2026-01-01T00:00:00.000Z"
        """;

    private readonly RecordingServer _server = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Statistics_are_read_whole()
    {
        const string Figures =
            """
            {"attempts":4,"delivered":3,"failed":1,"dead_letter":0,"success_rate":0.75,"latency_ms":{"p50":10.5,"p95":20,"p99":30},"delivery_latency_ms":{"p50":null,"p95":null,"p99":null}}
            """;
        _server.Answer(
            $$$"""{"success":true,"data":{"windows":{"1h":{{{Figures}}} ,"24h":{{{Figures}}} ,"7d":{{{Figures}}} },"waiting":{"pending":1,"held":2,"failed":3,"complete":true} } }""");

        var statistics = await _server.Client().Subscribers.GetStatisticsAsync("sub_1", Cancel);

        _server.Request.Url.ShouldBe("http://server.test/api/v1/subscribers/sub_1/stats");
        var week = statistics.Windows.Week;
        (week.Attempts, week.Delivered, week.Failed, week.DeadLetter, week.SuccessRate).ShouldBe((4, 3, 1, 0, 0.75));
        (week.LatencyMs.P50, week.LatencyMs.P95, week.LatencyMs.P99, week.DeliveryLatencyMs.P50).ShouldBe((10.5, 20, 30, null));
        (statistics.Waiting.Pending, statistics.Waiting.Held, statistics.Waiting.Failed, statistics.Waiting.Complete).ShouldBe((1, 2, 3, true));
    }

    [Fact]
    public async Task Create_sends_only_what_was_given_and_reads_the_secret()
    {
        _server.Answer($$$"""{"success":true,"data":{{{{Subscriber}}},"secret":"whsec_x"}}""", HttpStatusCode.Created);
        _server.Answer($$$"""{"success":true,"data":{{{{Subscriber}}},"secret":"whsec_x"}}""", HttpStatusCode.Created);

        var created = await _server.Client().Subscribers.CreateAsync(
            new NewSubscriber { Url = "http://127.0.0.1:9000/", Events = ["payment.*"], TimeoutMs = 5000 }, Cancel);
        await _server.Client().Subscribers.CreateAsync(
            new NewSubscriber
            {
                Url = "http://127.0.0.1:9000/",
                Events = ["*"],
                RateLimitPerSecond = 0.5,
                CircuitThreshold = 3,
                CircuitCooldown = "10m",
                Headers = new Dictionary<string, string> { ["X-A"] = "b" },
            },
            Cancel);

        _server.Requests.Select(request => request.Body).ShouldBe(
            [
                """{"url":"http://127.0.0.1:9000/","events":["payment.*"],"timeout_ms":5000}""",
                """{"url":"http://127.0.0.1:9000/","events":["*"],"rate_limit_per_second":0.5,"circuit_threshold":3,"circuit_cooldown":"10m","headers":{"X-A":"b"}}""",
            ]);
        created.RateLimitPerSecond.ShouldBe(0.5);
        created.CircuitThreshold.ShouldBe(3);
        created.CircuitCooldown.ShouldBe("10m");
        created.Headers.ShouldNotBeNull()["X-A"].ShouldBe("********");
        created.Secret.ShouldBe("whsec_x");
        created.Id.ShouldBe("sub_1");
        created.RetrySchedule.ShouldBe(["0s", "30s"]);
        created.Metadata!.Value.GetProperty("a").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task Update_sends_null_for_a_default_and_nothing_for_what_stays()
    {
        _server.Answer($$$"""{"success":true,"data":{{{{Subscriber}}}}}""");
        using var metadata = JsonDocument.Parse("""{"a":null}""");

        await _server.Client().Subscribers.UpdateAsync(
            "sub_1",
            new SubscriberUpdate
            {
                Url = "https://example.com/hook",
                Description = null,
                RetrySchedule = ["0s", "1s"],
                Metadata = metadata.RootElement,
                RateLimitPerSecond = 2.5,
                CircuitThreshold = null,
                CircuitCooldown = "1s",
                Headers = new Dictionary<string, string?> { ["X-A"] = null, ["X-B"] = "c" },
            },
            Cancel);

        _server.Request.Method.ShouldBe("PATCH");
        _server.Request.Url.ShouldBe("http://server.test/api/v1/subscribers/sub_1");
        _server.Request.Body.ShouldBe(
            """{"url":"https://example.com/hook","description":null,"retry_schedule":["0s","1s"],"metadata":{"a":null},"rate_limit_per_second":2.5,"circuit_threshold":null,"circuit_cooldown":"1s","headers":{"X-A":null,"X-B":"c"}}""");
    }

    [Fact]
    public async Task Rotation_sends_only_what_was_given_in_whole_seconds()
    {
        const string answer = """{"success":true,"data":{"secret":"whsec_y","previous_secret_expires_at":"2026-01-02T00:00:00.000Z"}}""";
        _server.Answer(answer).Answer("""{"success":true,"data":{"secret":"whsec_z","previous_secret_expires_at":null}}""")
            .Answer(new HttpResponseMessage(HttpStatusCode.NoContent));
        var subscribers = _server.Client().Subscribers;

        var rotation = await subscribers.RotateSecretAsync("sub_1", cancellationToken: Cancel);
        var given = await subscribers.RotateSecretAsync("sub_1", "whsec_z", TimeSpan.FromMilliseconds(1500), Cancel);
        await subscribers.EndGracePeriodAsync("sub_1", Cancel);

        rotation.Secret.ShouldBe("whsec_y");
        rotation.PreviousSecretExpiresAt.ShouldBe(new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero));
        given.PreviousSecretExpiresAt.ShouldBeNull();
        _server.Requests.Select(request => $"{request.Method} {request.Url} {request.Body}".TrimEnd()).ShouldBe(
            [
                "POST http://server.test/api/v1/subscribers/sub_1/rotate-secret {}",
                """POST http://server.test/api/v1/subscribers/sub_1/rotate-secret {"secret":"whsec_z","grace_period_seconds":2}""",
                "DELETE http://server.test/api/v1/subscribers/sub_1/previous-secret",
            ]);
    }

    [Fact]
    public async Task Recovery_sends_its_window()
    {
        _server.Answer("""{"success":true,"data":{"count":12}}""").Answer("""{"success":true,"data":{"count":0}}""");
        var since = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        (await _server.Client().Subscribers.RecoverAsync("sub_1", since, cancellationToken: Cancel)).Count.ShouldBe(12);
        (await _server.Client().Subscribers.RecoverAsync("sub_1", since, since.AddHours(1), Cancel)).Count.ShouldBe(0);

        _server.Requests.Select(request => $"{request.Method} {request.Url} {request.Body}").ShouldBe(
            [
                """POST http://server.test/api/v1/subscribers/sub_1/recover {"since":"2026-01-01T00:00:00+00:00"}""",
                """POST http://server.test/api/v1/subscribers/sub_1/recover {"since":"2026-01-01T00:00:00+00:00","until":"2026-01-01T01:00:00+00:00"}""",
            ]);
    }

    [Fact]
    public async Task Actions_call_their_routes()
    {
        _server
            .Answer($$$"""{"success":true,"data":{{{{Subscriber}}}}}""")
            .Answer($$$"""{"success":true,"data":{{{{Subscriber}}}}}""")
            .Answer("""{"success":true,"data":{"verified":true}}""")
            .Answer("""{"success":true,"data":{"id":null,"number":1,"trigger":"test","outcome":"timeout","started_at":"2026-01-01T00:00:00.000Z"}}""")
            .Answer(new HttpResponseMessage(HttpStatusCode.NoContent));
        var subscribers = _server.Client().Subscribers;

        await subscribers.PauseAsync("sub_1", Cancel);
        await subscribers.ResumeAsync("sub_1", Cancel);
        (await subscribers.VerifyAsync("sub_1", Cancel)).Verified.ShouldBeTrue();
        (await subscribers.TestAsync("sub_1", Cancel)).Outcome.ShouldBe("timeout");
        await subscribers.DeleteAsync("sub_1", Cancel);

        const string route = "http://server.test/api/v1/subscribers/sub_1";
        _server.Requests.Select(request => $"{request.Method} {request.Url}").ShouldBe(
            [
                $"PATCH {route}/pause", $"PATCH {route}/resume", $"POST {route}/verify", $"POST {route}/test", $"DELETE {route}",
            ]);
    }
}
