using System.Text.Json;
using Hookstream.Api.Subscribers;
using Hookstream.Core.Addresses;

namespace Hookstream.Api.Tests.Subscribers;

public sealed class SubscriberTests(ApiServer server) : IClassFixture<ApiServer>
{
    private const string Path = "/api/v1/subscribers";
    private const string Minimal = """{"url":"https://example.com/hook","events":["a.*"]}""";

    [Fact]
    public async Task Subscriber_is_made_with_its_secret_shown_once()
    {
        var made = await server.PostAsync(Path, Minimal);

        made.Status.ShouldBe(201, made.Text);
        made.Headers["Location"].ShouldBe($"{Path}/{made.Id}");
        made.Data.GetProperty("secret").GetString().ShouldNotBeNull().ShouldMatch("^whsec_[A-Za-z0-9+/]{43}=$");
        made.Text.ShouldNotContain("\\u002B");
        made.Data.GetProperty("created_at").GetString().ShouldBe("2026-01-02T03:04:05.678Z");
        made.Data.GetProperty("verification").GetString().ShouldBe("optional");
        foreach (var name in (string[])["description", "status_reason", "verified_at", "timeout_ms", "retry_schedule", "max_in_flight", "rate_limit_per_second", "circuit_threshold", "circuit_cooldown", "metadata"])
            made.Data.GetProperty(name).ValueKind.ShouldBe(JsonValueKind.Null, name);
        made.Data.GetProperty("headers").GetRawText().ShouldBe("{}");

        var read = await server.GetAsync(made.Headers["Location"]);
        read.Data.TryGetProperty("secret", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task All_settings_are_kept()
    {
        const string Settings = """
            {"url":"http://localhost:9000/a?b=c","event_types":["a","*"],"description":"","timeout_ms":1000,
             "retry_schedule":["0s","500ms"],"max_in_flight":1000,"payload_format":"raw","verification":"none",
             "rate_limit_per_second":0.5,"circuit_threshold":1000,"circuit_cooldown":"90s",
             "headers":{"Authorization":"Bearer hunter2","X-b":"c"},
             "metadata":{"k":"é"},"secret":"MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"}
            """;
        var made = await server.PostAsync(Path, Settings);

        made.Status.ShouldBe(201, made.Text);
        made.Data.GetProperty("url").GetString().ShouldBe("http://localhost:9000/a?b=c");
        made.Data.GetProperty("events").GetRawText().ShouldBe("""["a","*"]""");
        made.Data.GetProperty("retry_schedule").GetRawText().ShouldBe("""["0s","500ms"]""");
        made.Data.GetProperty("metadata").GetRawText().ShouldBe("""{"k":"é"}""");
        made.Data.GetProperty("secret").GetString().ShouldBe("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3");
        made.Data.GetProperty("verification").GetString().ShouldBe("none");
        made.Data.GetProperty("rate_limit_per_second").GetRawText().ShouldBe("0.5");
        made.Data.GetProperty("circuit_threshold").GetInt32().ShouldBe(1000);
        made.Data.GetProperty("circuit_cooldown").GetString().ShouldBe("90s");
        foreach (var answer in (Answered[])[made, await server.GetAsync($"{Path}/{made.Id}"), await server.GetAsync(Path)])
            answer.Text.ShouldNotContain("hunter2");
        made.Data.GetProperty("headers").GetRawText().ShouldBe("""{"Authorization":"********","X-b":"********"}""");
    }

    [Theory]
    [InlineData("{}", "url,events")]
    [InlineData("""{"url":null,"events":null}""", "url,events")]
    [InlineData("""{"url":7,"events":"a"}""", "url,events")]
    [InlineData("""{"url":"ftp://a.b","events":[]}""", "url,events")]
    [InlineData("""{"url":"/relative","events":["a..b"]}""", "url,events[0]")]
    [InlineData("""{"url":"https://u:p@a.b","events":["a",7,"*.b"]}""", "url,events[1],events[2]")]
    [InlineData("""{"url":"https://a.b/#f","events":["a"]}""", "url")]
    [InlineData("""{"url":"https://a.b/ c","events":["a"]}""", "url")]
    [InlineData("""{"url":"https://a.b/\u0000","events":["a"]}""", "url")]
    [InlineData("""{"url":"https:\\\\a.b","events":["a"]}""", "url")]
    [InlineData("""{"url":"https:a.b","events":["a"]}""", "url")]
    [InlineData("""{"url":"https://@a.b","events":["a"]}""", "url")]
    [InlineData("""{"url":"https://a.b","events":["a"],"event_types":["a"]}""", "event_types")]
    [InlineData("""{"url":"https://a.b","events":["a"],"timeout_ms":999}""", "timeout_ms")]
    [InlineData("""{"url":"https://a.b","events":["a"],"timeout_ms":1000.5}""", "timeout_ms")]
    [InlineData("""{"url":"https://a.b","events":["a"],"max_in_flight":0}""", "max_in_flight")]
    [InlineData("""{"url":"https://a.b","events":["a"],"max_in_flight":99999999999}""", "max_in_flight")]
    [InlineData("""{"url":"https://a.b","events":["a"],"retry_schedule":[]}""", "retry_schedule")]
    [InlineData("""{"url":"https://a.b","events":["a"],"retry_schedule":["0s",1]}""", "retry_schedule")]
    [InlineData("""{"url":"https://a.b","events":["a"],"retry_schedule":"0s;1s"}""", "retry_schedule")]
    [InlineData("""{"url":"https://a.b","events":["a"],"payload_format":"xml"}""", "payload_format")]
    [InlineData("""{"url":"https://a.b","events":["a"],"verification":true}""", "verification")]
    [InlineData("""{"url":"https://a.b","events":["a"],"metadata":[]}""", "metadata")]
    [InlineData("""{"url":"https://a.b","events":["a"],"metadata":{"a":1,"a":2}}""", "metadata")]
    [InlineData("""{"url":"https://a.b","events":["a"],"description":"a\u0000"}""", "description")]
    [InlineData("""{"url":"https://a.b","events":["a"],"secret":"short"}""", "secret")]
    [InlineData("""{"url":"https://a.b","events":["a"],"status":"active","circuit":"open"}""", "status,circuit")]
    [InlineData("""{"url":"https://a.b","events":["a"],"rate_limit_per_second":0}""", "rate_limit_per_second")]
    [InlineData("""{"url":"https://a.b","events":["a"],"rate_limit_per_second":10000.1}""", "rate_limit_per_second")]
    [InlineData("""{"url":"https://a.b","events":["a"],"rate_limit_per_second":1e999}""", "rate_limit_per_second")]
    [InlineData("""{"url":"https://a.b","events":["a"],"rate_limit_per_second":"10"}""", "rate_limit_per_second")]
    [InlineData("""{"url":"https://a.b","events":["a"],"circuit_threshold":0}""", "circuit_threshold")]
    [InlineData("""{"url":"https://a.b","events":["a"],"circuit_threshold":1001,"circuit_cooldown":"999ms"}""", "circuit_threshold,circuit_cooldown")]
    [InlineData("""{"url":"https://a.b","events":["a"],"circuit_cooldown":"25h"}""", "circuit_cooldown")]
    [InlineData("""{"url":"https://a.b","events":["a"],"circuit_cooldown":600}""", "circuit_cooldown")]
    [InlineData("""{"url":"https://a.b","events":["a"],"headers":["a: b"]}""", "headers")]
    [InlineData("""{"url":"https://a.b","events":["a"],"headers":{"X-A":1,"webhook-id":"a","X-B":"a\r\nb","X-C":"é"}}""", "headers.X-A,headers.webhook-id,headers.X-B,headers.X-C")]
    [InlineData("""{"url":"https://a.b","events":["a"],"headers":{"X-A":"1","x-a":"2"}}""", "headers.x-a")]
    [InlineData("""{"url":"https://a.b","events":["a"],"headers":{"X-A":"********"}}""", "headers.X-A")]
    public async Task Settings_are_validated_all_at_once(string body, string fields)
    {
        var answer = await server.PostAsync(Path, body);

        answer.ShouldFail(400, "validation_failed");
        string.Join(',', answer.ErrorFields).ShouldBe(fields);
    }

    [Fact]
    public async Task Long_settings_are_refused()
    {
        var filters = string.Join(',', Enumerable.Repeat("\"a\"", 101));
        var body = $$"""
            {"url":"https://a.b/{{new string('x', 2048)}}","events":[{{filters}}],"description":"{{new string('x', 1025)}}",
             "metadata":{"a":"{{new string('x', 4096)}}"},"headers":{"X-A":"{{new string('x', 4096)}}"} }
            """;

        (await server.PostAsync(Path, body)).ErrorFields.ShouldBe(["url", "events", "description", "headers", "metadata"]);
    }

    [Fact]
    public async Task Patch_changes_what_it_names_and_null_restores_the_default()
    {
        var made = await server.PostAsync(Path, """
            {"url":"https://a.b","events":["a"],"description":"d","timeout_ms":5000,"payload_format":"raw","metadata":{"a":1,"b":2}}
            """);
        var one = $"{Path}/{made.Id}";

        var changed = await server.SendAsync(
            HttpMethod.Patch, one, """{"events":["b"],"timeout_ms":null,"payload_format":null,"metadata":{"a":null,"c":3}}""");

        changed.Status.ShouldBe(200, changed.Text);
        changed.Data.GetProperty("url").GetString().ShouldBe("https://a.b");
        changed.Data.GetProperty("description").GetString().ShouldBe("d");
        changed.Data.GetProperty("events").GetRawText().ShouldBe("""["b"]""");
        changed.Data.GetProperty("timeout_ms").ValueKind.ShouldBe(JsonValueKind.Null);
        changed.Data.GetProperty("payload_format").GetString().ShouldBe("standard");
        changed.Data.GetProperty("metadata").GetRawText().ShouldBe("""{"b":2,"c":3}""");
    }

    [Fact]
    public async Task Patch_merges_headers_by_name_and_null_takes_all_away()
    {
        var made = await server.PostAsync(
            Path, """{"url":"https://a.b","events":["a"],"headers":{"X-A":"1","X-B":"2"},"rate_limit_per_second":2,"circuit_cooldown":"5s"}""");
        var one = $"{Path}/{made.Id}";

        async Task<string> HeadersAfter(string patch)
        {
            var changed = await server.SendAsync(HttpMethod.Patch, one, patch);
            changed.Status.ShouldBe(200, changed.Text);
            return changed.Data.GetProperty("headers").GetRawText();
        }

        (await HeadersAfter("""{"headers":{"x-a":null,"X-C":"3"}}""")).ShouldBe("""{"X-B":"********","X-C":"********"}""");
        (await HeadersAfter("""{"description":"d"}""")).ShouldBe("""{"X-B":"********","X-C":"********"}""");
        (await HeadersAfter("""{"headers":{}}""")).ShouldBe("""{"X-B":"********","X-C":"********"}""");
        (await HeadersAfter("""{"headers":null,"rate_limit_per_second":null}""")).ShouldBe("{}");
        var read = await server.GetAsync(one);
        read.Data.GetProperty("rate_limit_per_second").ValueKind.ShouldBe(JsonValueKind.Null);
        read.Data.GetProperty("circuit_cooldown").GetString().ShouldBe("5s");
    }

    [Fact]
    public async Task Headers_that_become_too_many_by_merging_are_refused_and_stay()
    {
        static string Headers(char prefix, int count) =>
            string.Join(',', Enumerable.Range(0, count).Select(number => $"\"X-{prefix}{number}\":\"v\""));
        var made = await server.PostAsync(Path, $$"""{"url":"https://a.b","events":["a"],"headers":{ {{Headers('A', 15)}} } }""");
        var one = $"{Path}/{made.Id}";

        var answer = await server.SendAsync(HttpMethod.Patch, one, $$"""{"headers":{ {{Headers('B', 6)}} } }""");

        answer.ShouldFail(400, "validation_failed");
        answer.ErrorFields.ShouldBe(["headers"]);
        (await server.GetAsync(one)).Data.GetProperty("headers").EnumerateObject().Count().ShouldBe(15);
    }

    [Theory]
    [InlineData("""{"url":null}""", "url")]
    [InlineData("""{"events":null}""", "events")]
    [InlineData("""{"secret":"x"}""", "secret")]
    [InlineData("""{"status":"active"}""", "status")]
    [InlineData("""{"id":"x","timeout":1}""", "id,timeout")]
    public async Task Patch_is_validated(string body, string fields)
    {
        var made = await server.PostAsync(Path, Minimal);

        var answer = await server.SendAsync(HttpMethod.Patch, $"{Path}/{made.Id}", body);

        answer.ShouldFail(400, "validation_failed");
        string.Join(',', answer.ErrorFields).ShouldBe(fields);
    }

    [Theory]
    [InlineData("""{"secret":"x"}""", "rotate-secret")]
    [InlineData("""{"status":"paused"}""", "/pause")]
    [InlineData("""{"circuit":"closed"}""", "reset-circuit")]
    public async Task Patch_of_what_another_call_changes_names_that_call(string body, string call)
    {
        var made = await server.PostAsync(Path, Minimal);

        var answer = await server.SendAsync(HttpMethod.Patch, $"{Path}/{made.Id}", body);

        answer.ShouldFail(400, "validation_failed");
        answer.Detail.ShouldContain(call);
    }

    [Fact]
    public async Task Metadata_that_grows_too_large_by_merging_is_refused()
    {
        var made = await server.PostAsync(
            Path, $$$"""{"url":"https://a.b","events":["a"],"metadata":{"a":"{{{new string('x', 3000)}}}"}}""");

        var answer = await server.SendAsync(
            HttpMethod.Patch, $"{Path}/{made.Id}", $$$"""{"metadata":{"b":"{{{new string('x', 3000)}}}"}}""");

        answer.ShouldFail(400, "validation_failed");
        answer.ErrorFields.ShouldBe(["metadata"]);
    }

    [Fact]
    public async Task Pausing_needs_no_body_and_can_be_undone()
    {
        var made = await server.PostAsync(Path, Minimal);
        var one = $"{Path}/{made.Id}";

        async Task<string?> StatusAfter(string path, string? body) =>
            (await server.SendAsync(HttpMethod.Patch, path, body)).Data.GetProperty("status").GetString();

        (await StatusAfter(one + "/pause", null)).ShouldBe("paused");
        (await StatusAfter(one + "/resume", null)).ShouldBe("active");
        (await StatusAfter(one + "/pause", """{"paused":true}""")).ShouldBe("paused");
        (await StatusAfter(one + "/pause", """{"paused":false}""")).ShouldBe("active");
        (await server.SendAsync(HttpMethod.Patch, one + "/pause", """{"paused":"yes"}""")).ShouldFail(400, "validation_failed");
        (await server.SendAsync(HttpMethod.Patch, one + "/resume", """{"paused":true}""")).ShouldFail(400, "validation_failed");
    }

    [Fact]
    public async Task Challenge_and_test_answer_with_what_came_back()
    {
        var made = await server.PostAsync(Path, Minimal);
        var one = $"{Path}/{made.Id}";

        server.Probe.Answers = true;
        var verified = await server.PostAsync(one + "/verify", null);
        server.Probe.Answers = false;
        var failed = await server.PostAsync(one + "/verify", null);
        var tested = await server.PostAsync(one + "/test", null);

        verified.Data.GetRawText().ShouldBe("""{"verified":true}""");
        failed.ShouldFail(400, "verification_failed");
        failed.Detail.ShouldContain("another challenge");
        failed.Detail.ShouldContain("418");
        failed.Detail.ShouldContain("short and stout");
        tested.Data.GetProperty("duration_ms").GetInt64().ShouldBe(12);
        tested.Data.GetProperty("response_body").GetString().ShouldBe("short and stout\uFFFD");
        tested.Data.GetProperty("request_headers").GetProperty("User-Agent").GetString().ShouldBe("Hookstream/1");
        (await server.PostAsync(one + "/test", """{"x":1}""")).ShouldFail(400, "validation_failed");
    }

    [Fact]
    public async Task Deleted_subscriber_is_gone()
    {
        var made = await server.PostAsync(Path, Minimal);
        var one = $"{Path}/{made.Id}";

        (await server.SendAsync(HttpMethod.Delete, one, null)).Status.ShouldBe(204);

        (await server.GetAsync(one)).ShouldFail(404, "not_found");
        (await server.SendAsync(HttpMethod.Delete, one, null)).ShouldFail(404, "not_found");
    }

    [Fact]
    public async Task Demands_of_the_deployment_are_named()
    {
        await using var strict = new ApiServer(options => options with
        {
            DefaultVerification = VerificationMode.Required,
            Destinations = new DestinationRules { HttpsOnly = true, AllowedPorts = [443, 8443] },
        });
        await strict.InitializeAsync();

        async Task ShouldBeForbidden(string body, string code, string setting)
        {
            var answer = await strict.PostAsync(Path, body);
            answer.ShouldFail(400, code);
            answer.Detail.ShouldContain(setting);
        }

        await ShouldBeForbidden("""{"url":"http://a.b","events":["a"]}""", "url_forbidden", "HOOKSTREAM_HTTPS_ONLY");
        await ShouldBeForbidden("""{"url":"https://a.b:444","events":["a"]}""", "url_forbidden", "HOOKSTREAM_ALLOWED_PORTS");
        await ShouldBeForbidden(
            """{"url":"https://a.b","events":["a"],"verification":"optional"}""", "validation_failed", "HOOKSTREAM_VERIFICATION");
        (await strict.PostAsync(Path, """{"url":"https://a.b:8443","events":["a"],"verification":"required"}""")).Status.ShouldBe(201);
    }

    [Fact]
    public void Described_fields_are_the_ones_that_are_read()
    {
        Described<SubscriberCreateRequest>().Append("event_types").Order()
            .ShouldBe(SubscriberCreateRequest.FieldNames.Order());
        Described<SubscriberPatchRequest>().Append("event_types").Order()
            .ShouldBe(SubscriberPatchRequest.FieldNames.Order());
    }

    private static IEnumerable<string> Described<T>() =>
        Hookstream.Api.Json.ApiJson.Shared.GetTypeInfo(typeof(T))!.Properties.Select(property => property.Name);
}
