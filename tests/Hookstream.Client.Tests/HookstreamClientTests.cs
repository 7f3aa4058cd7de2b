using System.Net;
using System.Net.Http.Headers;

namespace Hookstream.Client.Tests;

public sealed class HookstreamClientTests
{
    private readonly RecordingServer _server = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rotation_of_the_encryption_key_is_one_call()
    {
        var server = new RecordingServer().Answer("""{"success":true,"data":{"reencrypted":12,"complete":false}}""");

        var step = await server.Client().RotateEncryptionAsync(TestContext.Current.CancellationToken);

        (step.Reencrypted, step.Complete).ShouldBe((12, false));
        $"{server.Request.Method} {server.Request.Url}".ShouldBe("POST http://server.test/api/v1/encryption/rotate");
    }

    [Fact]
    public async Task Problem_details_become_an_exception_with_everything_in_it()
    {
        _server.Answer(
            """
            {"type":"about:blank","title":"Bad request","status":400,"detail":"2 fields are wrong","success":false,
             "code":"validation_failed","error":"2 fields are wrong",
             "errors":{"url":["is missing"],"events":["is missing","needs one"]}}
            """,
            HttpStatusCode.BadRequest,
            "application/problem+json");

        var exception = await Should.ThrowAsync<HookstreamApiException>(
            () => _server.Client().Subscribers.CreateAsync(new() { Url = "", Events = [] }, Cancel));

        exception.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        exception.Code.ShouldBe(ErrorCodes.ValidationFailed);
        exception.Detail.ShouldBe("2 fields are wrong");
        exception.Errors["events"].ShouldBe(["is missing", "needs one"]);
        exception.RequestId.ShouldBe("req-1");
        exception.Message.ShouldBe("HTTP 400 validation_failed: 2 fields are wrong");
    }

    [Theory]
    [InlineData("<html>bad gateway</html>")]
    [InlineData("")]
    [InlineData("[1]")]
    [InlineData("""{"error":17,"detail":{}}""")]
    public async Task Failure_that_is_no_problem_details_still_tells_status_and_address(string body)
    {
        _server.Answer(body, HttpStatusCode.BadGateway, "text/html");

        var exception = await Should.ThrowAsync<HookstreamApiException>(() => _server.Client().Events.GetAsync("evt_1", Cancel));

        exception.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        exception.Code.ShouldBeNull();
        exception.Detail.ShouldContain("http://server.test/api/v1/events/evt_1");
    }

    [Theory]
    [InlineData("<html>welcome</html>")]
    [InlineData("""{"success":true}""")]
    [InlineData("""{"success":true,"data":{}}""")]
    [InlineData("""[]""")]
    public async Task Success_that_is_no_answer_of_the_api_is_an_exception_too(string body)
    {
        _server.Answer(body);

        var exception = await Should.ThrowAsync<HookstreamApiException>(() => _server.Client().Events.GetAsync("evt_1", Cancel));

        exception.Message.ShouldContain("no answer of Hookstream");
    }

    [Fact]
    public async Task Overload_tells_how_long_to_wait()
    {
        var answer = new HttpResponseMessage(HttpStatusCode.ServiceUnavailable)
        {
            Content = new StringContent("""{"code":"unavailable","detail":"busy"}"""),
        };
        answer.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(2));
        _server.Answer(answer);

        var exception = await Should.ThrowAsync<HookstreamApiException>(
            () => _server.Client().Events.SendAsync(new("a", "{}"u8.ToArray()), Cancel));

        exception.Code.ShouldBe(ErrorCodes.Unavailable);
        exception.RetryAfter.ShouldBe(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task Base_address_with_a_path_is_kept_and_the_tenant_is_named()
    {
        _server.Answer("""{"success":true,"data":[],"meta":{"limit":20,"next_cursor":null}}""");

        await _server.Client("http://proxy.test/hooks", "acme").Keys.ListPageAsync(new PageRequest(20), Cancel);

        _server.Request.Url.ShouldBe("http://proxy.test/hooks/api/v1/keys?limit=20");
        _server.Request.Headers["X-Hookstream-Tenant"].ShouldBe("acme");
    }

    [Fact]
    public async Task Id_with_odd_characters_stays_inside_its_path_segment()
    {
        _server.Answer("""{"code":"not_found","detail":"no such delivery"}""", HttpStatusCode.NotFound);

        await Should.ThrowAsync<HookstreamApiException>(() => _server.Client().Deliveries.GetAsync("../keys?x=1#y", Cancel));
        await Should.ThrowAsync<ArgumentException>(() => _server.Client().Deliveries.GetAsync("..", Cancel));
        await Should.ThrowAsync<ArgumentException>(() => _server.Client().Deliveries.GetAsync(" ", Cancel));

        _server.Request.Url.ShouldBe("http://server.test/api/v1/deliveries/..%2Fkeys%3Fx%3D1%23y");
    }

    [Theory]
    [InlineData(HttpStatusCode.OK, "ok")]
    [InlineData(HttpStatusCode.ServiceUnavailable, "unavailable")]
    public async Task Health_is_read_whether_good_or_bad(HttpStatusCode status, string word)
    {
        _server.Answer(
            $$$"""
            {"status":"{{{word}}}","version":"0.1.0","uptime_seconds":12.5,"store":{"status":"{{{word}}}","latency_ms":0.4},
             "queue":{"status":"ok","depth":3}}
            """,
            status);

        var health = await _server.Client().GetHealthAsync(Cancel);

        health.Status.ShouldBe(word);
        health.UptimeSeconds.ShouldBe(12.5);
        health.Store!.LatencyMs.ShouldBe(0.4);
        health.Queue!.Status.ShouldBe("ok");
    }

    [Fact]
    public async Task Health_of_something_else_is_an_exception()
    {
        _server.Answer("<html>", HttpStatusCode.ServiceUnavailable, "text/html");

        await Should.ThrowAsync<HookstreamApiException>(() => _server.Client().GetHealthAsync(Cancel));
    }

    [Fact]
    public void Client_without_address_or_token_is_refused()
    {
        Should.Throw<ArgumentException>(() => new HookstreamClient(_server.HttpClient(), "token"))
            .Message.ShouldContain("BaseAddress");
        Should.Throw<ArgumentException>(
            () => new HookstreamClient(_server.HttpClient(new Uri("http://server.test")), " "));
    }
}
