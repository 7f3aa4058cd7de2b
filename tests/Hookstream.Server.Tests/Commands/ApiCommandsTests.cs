using System.Text.Json;
using Microsoft.Extensions.Time.Testing;

namespace Hookstream.Server.Tests.Commands;

public sealed class ApiCommandsTests : IAsyncDisposable
{
    private const string Delivery =
        """{"id":"dlv_1","event_id":"evt_1","event_type":"a.b","subscriber_id":"sub_1","status":"dead_letter","attempt_count":5}""";

    private readonly FakeServer _server = new();
    private readonly CommandRun _run = new();

    private const string Figures =
        """
        {"attempts":4,"delivered":3,"failed":1,"dead_letter":0,"success_rate":0.75,"latency_ms":{"p50":10.5,"p95":20,"p99":30},"delivery_latency_ms":{"p50":null,"p95":null,"p99":null}}
        """;

    [Fact]
    public async Task Send_reads_data_from_the_command_line_a_file_or_standard_input()
    {
        await _server.On("POST /api/v1/events", 202, """{"data":{"event_id":"evt_1","enqueued_count":2}}""").StartAsync();
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, """{"from": "file"}""", TestContext.Current.CancellationToken);
        _run.Input = """{"from": "input"}""";

        (await RunAsync("send", "a.b")).ShouldBe(0);
        (await RunAsync("send", "a.b", "--data", """{"x": 1.0}""", "--idempotency-key", "k", "--priority", "high")).ShouldBe(0);
        (await RunAsync("send", "a.b", "--data", "@" + file)).ShouldBe(0);
        (await RunAsync("send", "a.b", "--data", "@-")).ShouldBe(0);
        File.Delete(file);

        _run.Out.ShouldStartWith("evt_1 accepted for 2 subscriber(s)");
        _server.Requests.Select(request => request.Body).ShouldBe(
            [
                """{"type":"a.b","payload":{}}""",
                """{"type":"a.b","payload":{"x": 1.0},"idempotency_key":"k","priority":"high"}""",
                """{"type":"a.b","payload":{"from": "file"}}""",
                """{"type":"a.b","payload":{"from": "input"}}""",
            ]);
    }

    [Theory]
    [InlineData("[1]", "--data is no JSON object")]
    [InlineData("{", "--data is not JSON")]
    [InlineData("@/no/such/file", "cannot read '/no/such/file'")]
    public async Task Send_data_that_is_no_object_is_wrong_usage(string data, string message)
    {
        (await RunAsync("send", "a.b", "--data", data)).ShouldBe(2);

        _run.Error.ShouldContain(message);
    }

    [Fact]
    public async Task Failure_of_the_api_is_shown_with_its_fields_and_request()
    {
        await _server.On(
            "POST /api/v1/events",
            400,
            """{"code":"validation_failed","detail":"1 field is wrong","errors":{"type":["has \u001b[31m an escape"]}}""").StartAsync();

        (await RunAsync("send", "a b")).ShouldBe(1);

        _run.Error.ShouldBe(
            "error: 1 field is wrong\n  type: has \\u001b[31m an escape\n  (HTTP 400, validation_failed, request req-7)\n");
        _run.Out.ShouldBeEmpty();
    }

    [Fact]
    public async Task Refused_token_names_where_it_came_from()
    {
        await _server.On("GET /api/v1/keys", 401, """{"code":"unauthorized","detail":"unknown key"}""").StartAsync();
        using var data = new TemporaryDirectory();
        await File.WriteAllTextAsync(Path.Combine(data.Path, "api-token"), "file-token\n", TestContext.Current.CancellationToken);
        _run.Environment["HOOKSTREAM_DATA_DIR"] = data.Path;
        _run.Environment["HOOKSTREAM_URL"] = _server.Url;

        (await _run.RunAsync("keys", "list")).ShouldBe(1);

        _server.Requests[0].Headers["Authorization"].ShouldBe("Bearer file-token");
        _run.Error.ShouldContain(Path.Combine(data.Path, "api-token"));
    }

    [Fact]
    public async Task Missing_token_says_where_it_was_looked_for()
    {
        (await _run.RunAsync("keys", "list")).ShouldBe(1);

        _run.Error.ShouldContain("api-token");
        _run.Error.ShouldContain("API_TOKEN");
    }

    [Fact]
    public async Task Unreachable_server_says_how_to_start_it()
    {
        (await _run.RunAsync("keys", "list", "--url", "http://127.0.0.1:1", "--token", "t")).ShouldBe(1);

        _run.Error.ShouldBe(
            "error: Nothing answers at http://127.0.0.1:1; start it with `make run`, or name the server with --url or HOOKSTREAM_URL\n");
    }

    [Fact]
    public async Task Tenant_commands_use_the_admin_token()
    {
        await _server.On("POST /api/v1/tenants", 201, """{"data":{"id":"ten_1","name":"Acme","suspended":false}}""").StartAsync();
        _run.Environment["HOOKSTREAM_ADMIN_TOKEN"] = "admin-1";
        _run.Environment["API_TOKEN"] = "api-1";

        (await _run.RunAsync("tenants", "create", "Acme", "--external-id", "acme", "--url", _server.Url)).ShouldBe(0);

        _server.Requests[0].Headers["Authorization"].ShouldBe("Bearer admin-1");
        _server.Requests[0].Body.ShouldBe("""{"name":"Acme","external_id":"acme"}""");
        _run.Out.ShouldContain("ten_1");
    }

    [Fact]
    public async Task Tenant_option_acts_for_a_tenant_with_the_admin_token()
    {
        await _server.On("POST /api/v1/keys", 201, """{"data":{"id":"key_1","key":"hk_1","name":"ci"}}""").StartAsync();
        _run.Environment["HOOKSTREAM_ADMIN_TOKEN"] = "admin-1";
        _run.TimeProvider = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

        (await _run.RunAsync(
            "keys", "create", "--name", "ci", "--scopes", "read,manage", "--expires", "2d", "--tenant", "acme", "--url", _server.Url))
            .ShouldBe(0);

        _server.Requests[0].Headers["X-Hookstream-Tenant"].ShouldBe("acme");
        _server.Requests[0].Headers["Authorization"].ShouldBe("Bearer admin-1");
        _server.Requests[0].Body.ShouldBe("""{"name":"ci","scopes":["read","manage"],"expires_at":"2026-01-03T00:00:00+00:00"}""");
        _run.Out.ShouldContain("hk_1");
    }

    [Fact]
    public async Task Tenant_is_not_deleted_without_yes()
    {
        (await RunAsync("tenants", "delete", "ten_1")).ShouldBe(2);

        _run.Error.ShouldContain("--yes");
        _server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Deliveries_list_is_a_plain_table_in_a_pipe_and_names_the_next_page()
    {
        await _server.On("GET /api/v1/deliveries", 200, $$$"""{"data":[{{{Delivery}}}],"meta":{"limit":1,"next_cursor":"c1"}}""").StartAsync();
        _run.TimeProvider = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero));

        (await RunAsync("deliveries", "list", "--status", "dead_letter", "--since", "2h", "--limit", "1")).ShouldBe(0);

        _server.Requests[0].Query.ShouldBe("?status=dead_letter&since=2026-01-01T10%3A00%3A00.000Z&limit=1");
        _run.Out.ShouldContain("dlv_1");
        _run.Out.ShouldNotContain('\u001b');
        _run.Error.ShouldContain("--cursor c1");
    }

    [Fact]
    public async Task Deliveries_list_as_json_is_one_document()
    {
        await _server.On("GET /api/v1/deliveries", 200, $$$"""{"data":[{{{Delivery}}}],"meta":{"limit":20,"next_cursor":null}}""").StartAsync();

        (await RunAsync("deliveries", "list", "--json")).ShouldBe(0);

        using var document = JsonDocument.Parse(_run.Out);
        document.RootElement.GetProperty("data")[0].GetProperty("attempt_count").GetInt32().ShouldBe(5);
        document.RootElement.GetProperty("meta").GetProperty("next_cursor").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Deliveries_get_shows_on_one_line_how_the_endpoint_explains_a_failure()
    {
        var page = new string('x', 300);
        await _server.On(
            "GET /api/v1/deliveries/dlv_1",
            200,
            $$$"""
            {"data":{{{Delivery[..^1]}}},"attempts":[
            {"id":"att_1","number":1,"trigger":"schedule","outcome":"http_status","status_code":401,"response_body":"bad\n signature"},
            {"id":"att_2","number":2,"trigger":"schedule","outcome":"http_status","status_code":500,"response_body":"{{{page}}}"},
            {"id":"att_3","number":3,"trigger":"schedule","outcome":"delivered","status_code":200,"response_body":"thanks"}]}}
            """).StartAsync();

        (await RunAsync("deliveries", "get", "dlv_1")).ShouldBe(0);

        _run.Out.ShouldContain("http_status · 401 · \"bad signature\"");
        _run.Out.ShouldContain($"\"{page[..200]}…\"");
        _run.Out.ShouldNotContain(page[..201]);
        _run.Out.ShouldNotContain("thanks");
    }

    [Fact]
    public async Task Subscribers_list_tells_whose_circuit_is_open()
    {
        await _server.On(
            "GET /api/v1/subscribers",
            200,
            """
            {"data":[{"id":"sub_1","url":"https://a.b/","events":["*"],"status":"active","circuit":"open"},
            {"id":"sub_2","url":"https://a.b/","events":["*"],"status":"active","circuit":"closed"}],"meta":{"limit":20,"next_cursor":null}}
            """).StartAsync();

        (await RunAsync("subscribers", "list")).ShouldBe(0);

        _run.Out.ShouldContain("active (circuit open)");
        _run.Out.ShouldNotContain("closed");
    }

    [Fact]
    public async Task Deliveries_replay_takes_one_id_or_filters()
    {
        await _server
            .On("POST /api/v1/deliveries/dlv_1/replay", 202, $$$"""{"data":{{{Delivery}}}}""")
            .On("POST /api/v1/deliveries/replay", 202, """{"data":{"count":12,"dry_run":true}}""")
            .StartAsync();

        (await RunAsync("deliveries", "replay", "dlv_1")).ShouldBe(0);
        (await RunAsync("deliveries", "replay", "--subscriber", "sub_1", "--dry-run")).ShouldBe(0);
        (await RunAsync("deliveries", "replay", "dlv_1", "--subscriber", "sub_1")).ShouldBe(2);
        (await RunAsync("deliveries", "replay", "--status", "failed")).ShouldBe(2);

        _server.Requests.Count.ShouldBe(2);
        _server.Requests[1].Body.ShouldBe("""{"subscriber_id":"sub_1","dry_run":true}""");
        _run.Out.ShouldContain("12 delivery(s) would be sent again");
    }

    [Fact]
    public async Task Subscribers_update_sends_what_is_given_and_null_for_what_is_reset()
    {
        const string subscriber = """{"data":{"id":"sub_1","url":"http://a.test/","events":["*"],"status":"active"}}""";
        await _server.On("PATCH /api/v1/subscribers/sub_1", 200, subscriber).StartAsync();

        (await RunAsync(
            "subscribers", "update", "sub_1", "--to", "http://a.test/", "--timeout-ms", "5000", "--reset", "retry-schedule",
            "--rate-limit", "0.5", "--circuit-threshold", "3", "--circuit-cooldown", "90s", "--headers", """{"X-A":"b","X-C":null}"""))
            .ShouldBe(0);
        (await RunAsync("subscribers", "update", "sub_1", "--reset", "nonsense")).ShouldBe(2);

        _server.Requests.ShouldHaveSingleItem().Body.ShouldBe("""{"retry_schedule":null,"timeout_ms":5000,"rate_limit_per_second":0.5,"circuit_threshold":3,"circuit_cooldown":"90s","url":"http://a.test/","headers":{"X-A":"b","X-C":null}}""");
        _run.Error.ShouldContain("nonsense");
    }

    [Fact]
    public async Task Subscribers_rotate_secret_shows_the_new_secret_and_until_when_the_old_one_signs()
    {
        await _server
            .On("POST /api/v1/subscribers/sub_1/rotate-secret", 200, """{"data":{"secret":"whsec_y","previous_secret_expires_at":null}}""")
            .On("DELETE /api/v1/subscribers/sub_1/previous-secret", 204, "")
            .StartAsync();

        (await RunAsync("subscribers", "rotate-secret", "sub_1", "--grace-period", "2h")).ShouldBe(0);
        (await RunAsync("subscribers", "end-rotation", "sub_1")).ShouldBe(0);
        (await RunAsync("subscribers", "rotate-secret", "sub_1", "--grace-period", "soon")).ShouldBe(2);

        _server.Requests.Count.ShouldBe(2);
        _server.Requests[0].Body.ShouldBe("""{"grace_period_seconds":7200}""");
        _run.Out.ShouldContain("whsec_y");
        _run.Out.ShouldContain("ended");
        _run.Error.ShouldContain("'soon'");
    }

    [Fact]
    public async Task Subscribers_recover_sends_the_window_and_tells_how_many()
    {
        await _server.On("POST /api/v1/subscribers/sub_1/recover", 202, """{"data":{"count":12}}""").StartAsync();

        (await RunAsync("subscribers", "recover", "sub_1", "--since", "2026-01-01T00:00:00Z", "--until", "2026-01-02T00:00:00Z")).ShouldBe(0);
        (await RunAsync("subscribers", "recover", "sub_1")).ShouldBe(2);
        (await RunAsync("subscribers", "recover", "sub_1", "--since", "soon")).ShouldBe(2);

        _server.Requests.ShouldHaveSingleItem().Body.ShouldBe(
            """{"since":"2026-01-01T00:00:00+00:00","until":"2026-01-02T00:00:00+00:00"}""");
        _run.Out.ShouldContain("12 delivery(s) will be sent");
        _run.Error.ShouldContain("--since");
        _run.Error.ShouldContain("'soon'");
    }

    [Fact]
    public async Task Deliveries_diagnose_prints_what_the_model_says()
    {
        await _server.On(
            "POST /api/v1/deliveries/diagnose",
            200,
            """{"data":{"summary":"It is down.","likely_cause":"c","pattern":"endpoint_down","recommended_action":"a","confidence":"low"}}""")
            .StartAsync();

        (await RunAsync("deliveries", "diagnose", "sub_1", "--limit", "7")).ShouldBe(0);
        (await RunAsync("deliveries", "diagnose", "sub_1", "--limit", "51")).ShouldBe(2);

        _server.Requests.ShouldHaveSingleItem().Body.ShouldBe("""{"subscriber_id":"sub_1","limit":7}""");
        _run.Out.ShouldContain("It is down.");
        _run.Out.ShouldContain("endpoint_down");
        _run.Error.ShouldContain("--limit is a number from 1 to 50");
    }

    [Theory]
    [InlineData("", "None of this subscriber's recent attempts has failed")]
    [InlineData("--json", "null")]
    public async Task Deliveries_diagnose_without_failures_says_so(string option, string said)
    {
        await _server.On("POST /api/v1/deliveries/diagnose", 200, """{"data":null,"message":"none"}""").StartAsync();

        (await RunAsync([.. new[] { "deliveries", "diagnose", "sub_1", option }.Where(argument => argument.Length > 0)])).ShouldBe(0);

        (_run.Out + _run.Error).ShouldContain(said);
    }

    [Theory]
    [InlineData("GET /api/v1/stats", "")]
    [InlineData("GET /api/v1/subscribers/sub_1/stats", "sub_1")]
    public async Task Stats_prints_the_windows_and_what_waits(string call, string id)
    {
        await _server.On(
            call,
            200,
            $$$"""{"data":{"windows":{"1h":{{{Figures}}} ,"24h":{{{Figures}}} ,"7d":{{{Figures}}} },"waiting":{"pending":1,"held":2,"failed":3,"complete":false} } }""")
            .StartAsync();

        (await RunAsync(["stats", .. id.Length == 0 ? Array.Empty<string>() : [id]])).ShouldBe(0);

        _run.Out.ShouldContain("75.00 %");
        _run.Out.ShouldContain("10.5 ms");
        _run.Out.ShouldContain("7d");
        _run.Out.ShouldContain("waiting: 1 pending, 2 held, 3 failed, and more");
    }

    [Fact]
    public async Task Encryption_rotate_ends_when_everything_is_under_the_newest_key()
    {
        await _server.On("POST /api/v1/encryption/rotate", 200, """{"data":{"reencrypted":7,"complete":true}}""").StartAsync();

        (await RunAsync("encryption", "rotate")).ShouldBe(0);

        _run.Out.ShouldContain("7 record(s) encrypted anew");
    }

    [Fact]
    public async Task Encryption_rotate_gives_up_when_nothing_gets_done()
    {
        await _server.On("POST /api/v1/encryption/rotate", 200, """{"data":{"reencrypted":0,"complete":false}}""").StartAsync();

        (await RunAsync("encryption", "rotate")).ShouldBe(1);

        _run.Error.ShouldContain("same newest key");
    }

    [Fact]
    public async Task Subscribers_test_that_fails_gives_exit_code_1()
    {
        await _server.On(
            "POST /api/v1/subscribers/sub_1/test",
            200,
            """{"data":{"id":null,"number":1,"trigger":"test","outcome":"timeout","error":"no answer in 5 s","duration_ms":5000}}""")
            .StartAsync();

        (await RunAsync("subscribers", "test", "sub_1")).ShouldBe(1);

        _run.Error.ShouldContain("timeout · no answer in 5 s");
    }

    [Theory]
    [InlineData(200, 0)]
    [InlineData(503, 1)]
    public async Task Healthcheck_exit_code_is_the_servers_readiness(int status, int exitCode)
    {
        await _server.On("GET /health/ready", status, "{}").StartAsync();
        _run.Environment["PORT"] = new Uri(_server.Url).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        _run.Environment["HOOKSTREAM_HOST"] = "0.0.0.0";
        _run.Environment["HOOKSTREAM_URL"] = "http://127.0.0.1:1";

        (await _run.RunAsync("healthcheck")).ShouldBe(exitCode);
    }

    [Fact]
    public async Task Tail_prints_changes_once_until_cancelled()
    {
        var answers = new Queue<string>(["pending", "pending", "delivered"]);
        var status = "";
        await _server.On("GET /api/v1/deliveries", _ =>
        {
            status = answers.TryDequeue(out var next) ? next : status;
            return (200, $$$"""{"data":[{"id":"dlv_1","event_id":"evt_1","event_type":"a.b","status":"{{{status}}}"}],"meta":{"limit":100,"next_cursor":null}}""");
        }).StartAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

        var tailing = _run.RunAsync(stop.Token, "deliveries", "tail", "--json", "--url", _server.Url, "--token", "t");
        await _run.OutContainsAsync("delivered");
        await stop.CancelAsync();

        (await tailing).ShouldBe(0);
        _run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("status").GetString())
            .ShouldBe(["pending", "delivered"]);
    }

    [Theory]
    [InlineData("subscribers", "create", "http://x", "--payload-format", "xml")]
    [InlineData("subscribers", "create", "http://x", "--rate-limit", "0,5")]
    [InlineData("subscribers", "create", "http://x", "--rate-limit", "many")]
    [InlineData("subscribers", "create", "http://x", "--token", "t", "--headers", """{"X-A":1}""")]
    [InlineData("subscribers", "create", "http://x", "--token", "t", "--headers", "X-A: b")]
    [InlineData("deliveries", "list", "--limit", "101")]
    [InlineData("deliveries", "list", "--since", "yesterday")]
    [InlineData("keys", "list", "--url", "127.0.0.1:3000")]
    [InlineData("listen", "--fail-rate", "1.5")]
    [InlineData("listen", "--port", "65536")]
    [InlineData("listen", "--secret", "whsec_x")]
    [InlineData("lisen")]
    [InlineData("send")]
    [InlineData("keys")]
    [InlineData]
    public async Task Wrong_usage_gives_exit_code_2(params string[] arguments)
    {
        (await _run.RunAsync(arguments)).ShouldBe(2);

        (_run.Error + _run.Out).ShouldNotBeEmpty();
        _run.Error.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task Word_that_is_no_command_is_answered_with_those_that_there_are()
    {
        (await _run.RunAsync("deliveries", "show", "dlv_1")).ShouldBe(2);

        _run.Error.ShouldStartWith("error: There is no command 'show'; there are list, get, tail, replay, cancel, diagnose\n");
    }

    public ValueTask DisposeAsync()
    {
        _run.Dispose();
        return _server.DisposeAsync();
    }

    private Task<int> RunAsync(params string[] arguments) =>
        _run.RunAsync([.. arguments, "--url", _server.Url.Length > 0 ? _server.Url : "http://127.0.0.1:1", "--token", "token-1"]);
}
