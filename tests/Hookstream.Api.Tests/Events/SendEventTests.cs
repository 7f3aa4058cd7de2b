using System.Globalization;
using System.Text;

namespace Hookstream.Api.Tests.Events;

public sealed class SendEventTests(ApiServer server) : IClassFixture<ApiServer>
{
    private const string Path = "/api/v1/events";

    [Fact]
    public async Task Event_is_appended_for_the_callers_tenant_with_its_payload_as_it_came()
    {
        var answer = await server.PostAsync(Path, """{"type":"pay.ok","payload":{ "a" : 1.0 }}""");

        answer.Status.ShouldBe(202, answer.Text);
        var appended = server.Events.Appended[^1];
        appended.Tenant.ShouldBe(server.Tenant.Id);
        Encoding.UTF8.GetString(appended.Payload.Span).ShouldBe("{ \"a\" : 1.0 }");
        answer.Text.ShouldMatch("^\\{\"success\":true,\"data\":\\{\"event_id\":\"evt_[0-9a-z]{26}\",\"enqueued_count\":2\\}\\}$");
        answer.Headers["Content-Length"].ShouldBe(answer.Text.Length.ToString(CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Body_that_comes_in_fragments_is_put_together()
    {
        var filler = new string('x', 200_000);
        var body = Encoding.UTF8.GetBytes($$$"""{"payload":{"a":"{{{filler}}}"},"type":"fragmented"}""");
        using var content = new FragmentedContent(body, size: 997);

        var answer = await server.SendAsync(server.Request(HttpMethod.Post, Path, content));

        answer.Status.ShouldBe(202, answer.Text);
        Encoding.UTF8.GetString(server.Events.Appended[^1].Payload.Span).ShouldBe($$"""{"a":"{{filler}}"}""");
    }

    [Theory]
    [InlineData(10_000_000, false)]
    [InlineData(10_000_000, true)]
    [InlineData(262_145, false)]
    public async Task Large_body_is_refused(int payload, bool chunked)
    {
        var text = new string('x', payload - 8);
        var body = Encoding.UTF8.GetBytes($$$"""{"type":"a","payload":{"a":"{{{text}}}"}}""");
        using HttpContent content = chunked ? new FragmentedContent(body, 65_536) : ApiServer.Json(body);

        var answer = await server.SendAsync(server.Request(HttpMethod.Post, Path, content));

        answer.ShouldFail(413, "payload_too_large");
    }

    [Fact]
    public async Task Payload_of_the_largest_size_is_accepted()
    {
        var text = new string('x', 262_144 - 8);

        var answer = await server.PostAsync(Path, $$$"""{"type":"a","payload":{"a":"{{{text}}}"}}""");

        answer.Status.ShouldBe(202, answer.Text);
        server.Events.Appended[^1].Payload.Length.ShouldBe(262_144);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=latin1")]
    [InlineData("application/jsonx")]
    public async Task Other_content_type_is_refused(string? contentType)
    {
        var answer = await server.SendAsync(server.Request(HttpMethod.Post, Path, ApiServer.Json("{}"u8.ToArray(), contentType)));

        answer.ShouldFail(415, "unsupported_media_type");
    }

    [Theory]
    [InlineData("application/json;charset=UTF-8")]
    [InlineData("APPLICATION/JSON; charset=\"utf-8\"")]
    [InlineData("application/cloudevents+json")]
    public async Task Content_type_of_JSON_is_accepted(string contentType)
    {
        var body = """{"type":"a","payload":{}}"""u8.ToArray();

        var answer = await server.SendAsync(server.Request(HttpMethod.Post, Path, ApiServer.Json(body, contentType)));

        answer.Status.ShouldBe(202, answer.Text);
    }

    [Fact]
    public async Task Missing_body_is_refused() =>
        (await server.PostAsync(Path, null)).ShouldFail(400, "invalid_json");

    [Fact]
    public async Task Unknown_field_and_query_parameter_are_named_with_the_nearest_known_name()
    {
        var answer = await server.PostAsync(Path + "?dry=1", """{"typ":"a","payload":{}}""");

        answer.ShouldFail(400, "validation_failed");
        answer.ErrorFields.ShouldBe(["typ", "type", "dry"]);
        answer.Error("typ").ShouldContain("'type'");
    }

    [Theory]
    [InlineData("k1", "k1", 202)]
    [InlineData("k1", null, 202)]
    [InlineData("k1", "k2", 400)]
    public async Task Idempotency_key_may_come_in_the_header(string header, string? field, int status)
    {
        var json = field is null
            ? """{"type":"a","payload":{}}"""
            : $$"""{"type":"a","payload":{},"idempotency_key":"{{field}}"}""";
        var request = server.Request(HttpMethod.Post, Path, ApiServer.Json(Encoding.UTF8.GetBytes(json)));
        request.Headers.TryAddWithoutValidation("Idempotency-Key", header);

        var answer = await server.SendAsync(request);

        answer.Status.ShouldBe(status, answer.Text);
        if (status == 202)
            server.Events.Appended[^1].IdempotencyKey.ShouldBe("k1");
        else
            answer.ErrorFields.ShouldBe(["Idempotency-Key"]);
    }

    [Fact]
    public async Task Outcomes_of_the_store_are_answered()
    {
        await using var own = new ApiServer();
        await own.InitializeAsync();
        var id = EventId.New(ApiServer.Now);
        const string Body = """{"type":"a","payload":{}}""";

        own.Events.OnAppend = _ => new AppendResult(AppendOutcome.Duplicate, id, 3);
        var duplicate = await own.PostAsync(Path, Body);
        own.Events.OnAppend = _ => new AppendResult(AppendOutcome.Conflict, id, 0);
        var conflict = await own.PostAsync(Path, Body);
        own.Events.OnAppend = _ => throw new StoreUnavailableException("full");
        var unavailable = await own.PostAsync(Path, Body);
        own.Events.OnAppend = _ => throw new InvalidOperationException("boom: secret-detail");
        var failed = await own.PostAsync(Path, Body);

        duplicate.Status.ShouldBe(202);
        duplicate.Text.ShouldBe($$$"""{"success":true,"data":{"event_id":"{{{id}}}","enqueued_count":3,"duplicate":true}}""");
        conflict.ShouldFail(409, "idempotency_conflict");
        unavailable.ShouldFail(503, "unavailable");
        unavailable.Headers["Retry-After"].ShouldBe("1");
        failed.ShouldFail(500, "internal");
        failed.Detail.ShouldContain(failed.Headers["X-Request-Id"]);
        failed.Text.ShouldNotContain("secret-detail");
        own.Logs.Entries.Count(entry => entry.Id.Number == 200).ShouldBe(1);
    }
}
