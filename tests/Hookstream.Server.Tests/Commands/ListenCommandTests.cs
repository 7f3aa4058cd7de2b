using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Hookstream.TestServers.Programs;

namespace Hookstream.Server.Tests.Commands;

public sealed class ListenCommandTests : IAsyncDisposable
{
    private const string Body = """{"id":"evt_1","type":"payment.completed","data":{"amount":12.50,"note":"[red]\u001b[31mx"}}""";

    private readonly FakeServer _server = new();
    private readonly CommandRun _run = new();
    private readonly CancellationTokenSource _stop =
        CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly TaskCompletionSource<JsonElement> _registered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HttpClient _http = new(new SocketsHttpHandler());

    public ListenCommandTests()
    {
        _server
            .On("POST /api/v1/subscribers", request =>
            {
                var body = JsonDocument.Parse(request.Body).RootElement.Clone();
                _registered.TrySetResult(body);
                return (201, $$$"""
                    {"data":{"id":"sub_1","url":"{{{body.GetProperty("url").GetString()}}}","events":["*"],"status":"active",
                     "secret":"{{{body.GetProperty("secret").GetString()}}}"}}
                    """);
            })
            .On("DELETE /api/v1/subscribers/sub_1", 204, "");
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Listen_registers_verifies_shows_and_deletes_its_subscriber()
    {
        var listening = await ListenAsync("--events", "payment.*,order.created", "--events", "refund.*");
        var subscriber = await _registered.Task;

        var answer = await DeliverAsync(subscriber, Body);
        await _run.OutContainsAsync("→ 200");
        await _stop.CancelAsync();

        (await listening).ShouldBe(0);
        answer.ShouldBe(HttpStatusCode.OK);
        subscriber.GetProperty("events").EnumerateArray().Select(item => item.GetString())
            .ShouldBe(["payment.*", "order.created", "refund.*"]);
        _run.Out.ShouldContain("payment.completed  ✓ verified");
        _run.Out.ShouldContain("dlv_1 · attempt 3");
        _run.Out.ShouldContain("\"amount\": 12.50");
        _run.Error.ShouldContain("1 received, 1 verified");
        _server.Requests.Select(request => request.Route).ShouldBe(["POST /api/v1/subscribers", "DELETE /api/v1/subscribers/sub_1"]);
        _server.Requests[0].Headers["Authorization"].ShouldBe("Bearer token-1");
    }

    [Fact]
    public async Task Listen_received_text_neither_steers_the_terminal_nor_counts_as_markup()
    {
        var listening = await ListenAsync();
        var subscriber = await _registered.Task;

        await DeliverAsync(subscriber, "\u001b]0;owned\u0007 [bold]plain[/] \u009b31m", type: "[red]evil[/]");
        await _run.OutContainsAsync("→ 200");
        await _stop.CancelAsync();

        await listening;
        _run.Out.ShouldContain("[red]evil[/]");
        _run.Out.ShouldContain("\\u001b]0;owned\\u0007 [bold]plain[/] \\u009b31m");
        _run.Out.Any(character => char.IsControl(character) && character is not ('\n' or '\r')).ShouldBeFalse();
    }

    [Theory]
    [InlineData("other secret", "webhook-signature does not match")]
    [InlineData("old", "more than 5 minutes old")]
    [InlineData("no hookstream header", "X-Hookstream-Signature or what it needs is missing")]
    public async Task Listen_wrong_signature_says_what_is_wrong(string fault, string message)
    {
        var listening = await ListenAsync();
        var subscriber = await _registered.Task;

        await DeliverAsync(subscriber, Body, fault: fault);
        await _run.OutContainsAsync("→ 200");
        await _stop.CancelAsync();

        await listening;
        _run.Out.ShouldContain("NOT VERIFIED");
        _run.Out.ShouldContain(message);
        _run.Error.ShouldContain("1 received, 0 verified");
    }

    [Fact]
    public async Task Listen_answers_the_challenge_whatever_the_fail_rate()
    {
        var listening = await ListenAsync("--fail-rate", "1", "--json");
        var subscriber = await _registered.Task;

        using var answer = await PostAsync(subscriber, """{"type":"webhook.verify","challenge":"c-42"}""");
        var failed = await DeliverAsync(subscriber, Body);
        await _run.OutContainsAsync("payment.completed");
        await _stop.CancelAsync();

        await listening;
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel)).RootElement.GetProperty("challenge").GetString()
            .ShouldBe("c-42");
        failed.ShouldBe(HttpStatusCode.InternalServerError);
        var lines = _run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        lines.Select(line => line.GetProperty("kind").GetString()).ShouldBe(["challenge", "delivery"]);
        lines.ShouldAllBe(line => line.GetProperty("verified").GetBoolean());
        lines[1].GetProperty("body").GetString().ShouldBe(Body);
    }

    [Fact]
    public async Task Listen_delivery_of_an_earlier_run_gets_410()
    {
        var listening = await ListenAsync();
        var subscriber = await _registered.Task;
        var elsewhere = new Uri(new Uri(subscriber.GetProperty("url").GetString()!), "/listen/000000000000");

        using var content = new StringContent(Body);
        using var answer = await _http.PostAsync(elsewhere, content, Cancel);
        await _run.OutContainsAsync("earlier listen");
        await _stop.CancelAsync();

        await listening;
        answer.StatusCode.ShouldBe(HttpStatusCode.Gone);
        _run.Error.ShouldContain("0 received");
    }

    [Fact]
    public async Task Listen_without_registering_verifies_by_the_given_secret_on_any_path()
    {
        var secret = "whsec_" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        var listening = _run.RunAsync(_stop.Token, "listen", "--port", "0", "--no-register", "--secret", secret);
        await _run.ErrorContainsAsync("Ctrl-C");
        var address = _run.Error.Split("Listening on ")[1].Split(' ')[0];
        using var document = JsonDocument.Parse($$"""{"url":"{{address}}/any/path","secret":"{{secret}}"}""");

        await DeliverAsync(document.RootElement, Body);
        await _run.OutContainsAsync("→ 200");
        await _stop.CancelAsync();

        (await listening).ShouldBe(0);
        _run.Out.ShouldContain("✓ verified");
        _server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Listen_waits_for_a_server_that_is_not_up_yet()
    {
        var port = FreePort.Find();
        var listening = _run.RunAsync(
            _stop.Token, "listen", "--port", "0", "--url", $"http://127.0.0.1:{port}", "--token", "token-1");
        await _run.ErrorContainsAsync("Waiting for a server");

        await _server.StartAsync(port);
        await _run.ErrorContainsAsync("Ctrl-C");
        await _stop.CancelAsync();

        (await listening).ShouldBe(0);
        _run.Error.Split("Waiting for a server").Length.ShouldBe(2);
        _server.Requests[^1].Route.ShouldBe("DELETE /api/v1/subscribers/sub_1");
    }

    [Fact]
    public async Task Listen_refused_registration_says_why_and_ends()
    {
        await _server
            .On("POST /api/v1/subscribers", 400, """{"code":"url_forbidden","detail":"127.0.0.1 is not allowed: HOOKSTREAM_ALLOWED_NETWORKS"}""")
            .StartAsync();

        var exitCode = await _run.RunAsync("listen", "--port", "0", "--url", _server.Url, "--token", "token-1");

        exitCode.ShouldBe(1);
        _run.Error.ShouldContain("Cannot register: 127.0.0.1 is not allowed: HOOKSTREAM_ALLOWED_NETWORKS");
    }

    [Fact]
    public async Task Listen_subscriber_that_cannot_be_deleted_is_named()
    {
        _server.On("DELETE /api/v1/subscribers/sub_1", 500, """{"code":"internal","detail":"broken"}""");
        var listening = await ListenAsync();
        await _run.ErrorContainsAsync("Ctrl-C");

        await _stop.CancelAsync();

        (await listening).ShouldBe(1);
        _run.Error.ShouldContain("sub_1 is still registered: broken");
        _run.Error.ShouldContain("hookstream subscribers delete sub_1");
    }

    [Fact]
    public async Task Listen_port_in_use_suggests_another()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();

        var exitCode = await _run.RunAsync("listen", "--port", $"{((IPEndPoint)taken.LocalEndpoint).Port}", "--no-register");

        exitCode.ShouldBe(1);
        _run.Error.ShouldContain("is in use; choose another with --port");
    }

    public async ValueTask DisposeAsync()
    {
        _stop.Dispose();
        _http.Dispose();
        _run.Dispose();
        await _server.DisposeAsync();
    }

    private async Task<Task<int>> ListenAsync(params string[] arguments)
    {
        await _server.StartAsync();
        return _run.RunAsync(_stop.Token, ["listen", "--port", "0", "--url", _server.Url, "--token", "token-1", .. arguments]);
    }

    private async Task<HttpStatusCode> DeliverAsync(
        JsonElement subscriber, string body, string type = "payment.completed", string? fault = null)
    {
        using var answer = await PostAsync(subscriber, body, type, fault);
        return answer.StatusCode;
    }

    private async Task<HttpResponseMessage> PostAsync(
        JsonElement subscriber, string body, string type = "webhook.verify", string? fault = null)
    {
        var secret = fault == "other secret"
            ? Convert.ToBase64String(new byte[32])
            : subscriber.GetProperty("secret").GetString()!;
        var bytes = Encoding.UTF8.GetBytes(body);
        var age = fault == "old" ? 600 : 0;
        var seconds = $"{TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - age}";
        var key = Convert.FromBase64String(secret.Replace("whsec_", "", StringComparison.Ordinal));
        using var request = new HttpRequestMessage(HttpMethod.Post, subscriber.GetProperty("url").GetString())
        {
            Content = new ByteArrayContent(bytes),
        };
        request.Headers.Add("webhook-id", "evt_1");
        request.Headers.Add("webhook-timestamp", seconds);
        request.Headers.TryAddWithoutValidation(
            "webhook-signature",
            "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"evt_1.{seconds}.{body}"))));
        if (fault != "no hookstream header")
        {
            request.Headers.Add(
                "X-Hookstream-Signature",
                "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), bytes)));
        }

        request.Headers.Add("X-Hookstream-Event", type);
        request.Headers.Add("X-Hookstream-Delivery", "dlv_1");
        request.Headers.Add("X-Hookstream-Attempt", "3");
        return await _http.SendAsync(request, Cancel);
    }
}
