using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Hookstream.Api.Routing;

namespace Hookstream.Api.Tests.Routing;

/// <summary>What holds for every call, tried on every call that is mapped.</summary>
public sealed partial class ContractTests(ApiServer server) : IClassFixture<ApiServer>
{
    public static TheoryData<string, string> Operations()
    {
        var data = new TheoryData<string, string>();
        foreach (var operation in Mapped(new ApiServer()))
            data.Add(operation.Method, operation.Pattern);
        return data;
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Id_of_another_tenant_and_malformed_id_read_as_one_that_does_not_exist(string method, string pattern)
    {
        if (!pattern.Contains("{id}", StringComparison.Ordinal))
            return;
        var other = server.Tenants.Add("other");
        var theirs = await IdOfAsync(pattern, server.Tenants.AddKey(other), other);
        var absent = pattern.Split('/')[3][..3] switch
        {
            "eve" => EventId.New(ApiServer.Now).ToString(),
            "sub" => SubscriberId.New(ApiServer.Now).ToString(),
            "del" => DeliveryId.New(ApiServer.Now).ToString(),
            "ten" => TenantId.New(ApiServer.Now).ToString(),
            _ => ApiKeyId.New(ApiServer.Now).ToString(),
        };
        var key = KeyFor(pattern);
        var body = method is "GET" or "DELETE" ? null
            : pattern.EndsWith("/keys", StringComparison.Ordinal) ? """{"name":"n"}"""
            : pattern.EndsWith("/recover", StringComparison.Ordinal) ? """{"since":"2026-01-01T00:00:00Z"}""" : "{}";

        var answers = new List<Answered>();
        foreach (var id in (string?[])[absent, theirs, "x", absent + "x", absent.ToUpperInvariant(), "%20", "evt_%E9"])
        {
            if (id is not null)
                answers.Add(await server.SendAsync(new HttpMethod(method), pattern.Replace("{id}", id).Replace("{key_id}", "x"), body, key));
        }

        answers[0].ShouldFail(404, "not_found");
        answers.Select(answer => answer.Text).Distinct().ShouldHaveSingleItem();
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Unknown_query_parameter_is_named(string method, string pattern)
    {
        if (pattern.StartsWith("/health", StringComparison.Ordinal))
            return;
        var key = KeyFor(pattern);

        var answer = await server.SendAsync(new HttpMethod(method), Filled(pattern) + "?limitt=5", method == "GET" ? null : "{}", key);

        answer.ShouldFail(400, "validation_failed");
        answer.ErrorFields.ShouldContain("limitt");
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Bad_body_is_refused_and_never_breaks_anything(string method, string pattern)
    {
        if (method is "GET" or "DELETE")
            return;
        var key = KeyFor(pattern);
        var deep = new string('[', 10_000) + new string(']', 10_000);
        (byte[] Body, string Code)[] bad =
        [
            ("{\"a\":"u8.ToArray(), "invalid_json"),
            ([.. "{\"a\":\""u8, 0xff, .. "\"}"u8], "invalid_json"),
            ("[]"u8.ToArray(), "validation_failed"),
            ("{\"un\\u0000known\":1}"u8.ToArray(), "validation_failed"),
            (Encoding.UTF8.GetBytes($$"""{"a":{{deep}}}"""), "payload_too_deep"),
            (new byte[10_000_000], "payload_too_large"),
        ];
        foreach (var (body, code) in bad)
        {
            var request = server.Request(new HttpMethod(method), Filled(pattern), ApiServer.Json(body), key);
            var answer = await server.SendAsync(request);
            answer.ShouldFail(code == "payload_too_large" ? 413 : 400, code);
        }

        var other = server.Request(new HttpMethod(method), Filled(pattern), ApiServer.Json("{}"u8.ToArray(), "text/plain"), key);
        (await server.SendAsync(other)).ShouldFail(415, "unsupported_media_type");
        server.Logs.Entries.ShouldNotContain(entry => entry.Level >= Microsoft.Extensions.Logging.LogLevel.Error);
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Wrong_method_is_answered_with_the_right_ones(string method, string pattern)
    {
        var answer = await server.SendAsync(HttpMethod.Put, Filled(pattern), "{}");

        answer.ShouldFail(405, "method_not_allowed");
        answer.Headers["Allow"].Split(", ").ShouldContain(method);
    }

    [Fact]
    public async Task Every_call_is_in_the_OpenAPI_document()
    {
        Mapped(server).Count.ShouldBeGreaterThan(30);
        var document = (await server.GetAsync("/openapi/v1.json")).Json;
        var paths = document.GetProperty("paths");

        foreach (var operation in Mapped(server))
        {
            var described = paths.GetProperty(operation.Pattern).GetProperty(operation.Method.ToLowerInvariant());
            described.GetProperty("operationId").GetString().ShouldBe(operation.Name);
            described.GetProperty("summary").GetString().ShouldNotBeNullOrEmpty();
            described.TryGetProperty("security", out _).ShouldBe(operation.Access.Kind != AccessKind.Public);
            described.TryGetProperty("requestBody", out _).ShouldBe(operation.Body is not null, operation.Name);
            described.GetProperty("responses").EnumerateObject().Count().ShouldBeGreaterThan(operation.Access.Kind == AccessKind.Public ? 0 : 4);
            var parameters = described.TryGetProperty("parameters", out var list)
                ? list.EnumerateArray().Select(parameter => parameter.GetProperty("name").GetString()).ToArray()
                : [];
            foreach (var name in operation.QueryNames)
                parameters.ShouldContain(name);
        }

        ShouldResolve(document, document);
        paths.EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject())
            .Select(operation => operation.Value.GetProperty("operationId").GetString())
            .ShouldBeUnique();
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task What_answers_GET_answers_HEAD_without_a_body(string method, string pattern)
    {
        if (method != "GET")
            return;
        var key = KeyFor(pattern);
        var got = await server.GetAsync(Filled(pattern), key);

        var answer = await server.SendAsync(HttpMethod.Head, Filled(pattern), null, key);

        answer.Status.ShouldBe(got.Status);
        answer.Headers["Content-Type"].ShouldBe(got.Headers["Content-Type"]);
        answer.Text.ShouldBeEmpty();
    }

    [Fact]
    public async Task Documentation_page_fetches_nothing_from_outside()
    {
        var page = await server.GetAsync("/docs/");

        page.Status.ShouldBe(200);
        page.Headers["Content-Security-Policy"].ShouldContain("default-src 'self'");
        OutsideSource().IsMatch(page.Text).ShouldBeFalse(page.Text);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/api/v1")]
    [InlineData("/api/v1/event")]
    [InlineData("/api/v1/subscribers/x/rotate")]
    [InlineData("/openapi/v2.json")]
    [InlineData("/api/v1//events")]
    public async Task Unknown_path_is_answered_as_a_problem(string path) =>
        (await server.PostAsync(path, "{}")).ShouldFail(404, "not_found");

    [Theory]
    [InlineData("abc-123", true)]
    [InlineData("has space", false)]
    [InlineData("", false)]
    public async Task Request_id_of_the_caller_is_echoed_when_it_is_sane(string given, bool echoed)
    {
        foreach (var path in (string[])["/api/v1/events", "/health/live", "/nowhere"])
        {
            var request = server.Request(HttpMethod.Get, path);
            request.Headers.TryAddWithoutValidation("X-Request-Id", given);

            var answer = await server.SendAsync(request);

            (answer.Headers["X-Request-Id"] == given).ShouldBe(echoed);
            answer.Headers["X-Request-Id"].ShouldNotBeEmpty();
        }
    }

    private string KeyFor(string pattern) =>
        Mapped(server).First(operation => operation.Pattern == pattern).Access.Kind == AccessKind.Admin ? ApiServer.AdminToken : server.Key;

    private static List<ApiOperation> Mapped(ApiServer server) =>
        [.. server.Endpoints.Select(endpoint => endpoint.Metadata.GetMetadata<ApiOperation>()).OfType<ApiOperation>()];

    private static string Filled(string pattern) =>
        pattern.Replace("{id}", "x", StringComparison.Ordinal).Replace("{key_id}", "x", StringComparison.Ordinal);

    private static void ShouldResolve(JsonElement root, JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
                ShouldResolve(root, item);
        }

        if (element.ValueKind != JsonValueKind.Object)
            return;
        foreach (var property in element.EnumerateObject())
        {
            if (property.NameEquals("$ref"))
            {
                var target = root;
                foreach (var step in property.Value.GetString()!.Split('/').Skip(1))
                    target.TryGetProperty(step, out target).ShouldBeTrue(property.Value.GetString());
            }

            ShouldResolve(root, property.Value);
        }
    }

    [GeneratedRegex("(src|href)=\"(https?:)?//", RegexOptions.IgnoreCase)]
    private static partial Regex OutsideSource();

    private async Task<string?> IdOfAsync(string pattern, string key, Tenant tenant)
    {
        if (pattern.Contains("/subscribers/", StringComparison.Ordinal))
            return (await server.PostAsync("/api/v1/subscribers", """{"url":"https://a.b","events":["a"]}""", key)).Id;
        if (pattern.Contains("/events/", StringComparison.Ordinal))
        {
            return (await server.PostAsync("/api/v1/events", """{"type":"a","payload":{}}""", key))
                .Data.GetProperty("event_id").GetString();
        }

        if (pattern.Contains("/keys/", StringComparison.Ordinal) && !pattern.Contains("/tenants", StringComparison.Ordinal))
            return (await server.PostAsync("/api/v1/keys", """{"name":"n"}""", key)).Id;
        if (pattern.Contains("/deliveries/", StringComparison.Ordinal))
            return Deliveries.DeliveryTests.Add(server, tenant.Id).ToString();
        return null;
    }
}
