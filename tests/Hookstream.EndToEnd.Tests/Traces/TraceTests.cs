using System.Globalization;
using System.Text;
using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.Receivers;
using Hookstream.EndToEnd.Tests.Secrets;
using Hookstream.EndToEnd.Tests.Servers;

namespace Hookstream.EndToEnd.Tests.Traces;

/// <summary>One trace from the caller over ingest and the queue to every attempt, and on to the endpoint.</summary>
public class TraceTests
{
    private const string CallersSpan = "00f067aa0ba902b7";
    private const string CallersState = "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE";

    [Fact]
    public async Task Trace_of_the_caller_has_the_request_the_publishing_and_every_attempt()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var collector = await TraceCollector.StartAsync();
        await using var server = await StartServerAsync([.. collector.Settings, ("HOOKSTREAM_RETRY_SCHEDULE", "0s,100ms")]);
        var tenant = await TenantApi.CreateAsync(server.Http, server.AdminToken);
        var endpoint = receiver.NewEndpoint().Replies(Reply.Status(500), Reply.Ok);
        var subscription = await tenant.SubscribeAsync(endpoint, settings: new { verification = "none" });
        var (traceId, parent) = NewContext(sampled: true);

        var posted = (await PostAsync(tenant, parent)).Text("event_id");
        var requests = await endpoint.WaitForAsync(2);
        var spans = await collector.WaitForAsync(traceId, 3);

        spans.Count.ShouldBe(3);
        var request = spans.Single(span => span.Kind == SpanKind.Server);
        request.Name.ShouldBe("POST /api/v1/events");
        request.ParentId.ShouldBe(CallersSpan);
        request.Attributes.ShouldContainKeyAndValue("http.route", "/api/v1/events");
        request.Attributes.ShouldContainKeyAndValue("http.response.status_code", "202");
        request.Attributes.ShouldContainKeyAndValue("hookstream.request_id", "request-1");
        request.Attributes.ShouldContainKeyAndValue("hookstream.tenant", tenant.Id);
        request.Attributes.ShouldContainKeyAndValue("hookstream.event", posted);
        request.Attributes.ShouldContainKeyAndValue("hookstream.event_type", "order.paid");
        var attempts = spans.Where(span => span.Kind == SpanKind.Client)
            .OrderBy(span => span.Attributes["hookstream.attempt"], StringComparer.Ordinal).ToArray();
        for (var i = 0; i < 2; i++)
        {
            var (attempt, got) = (attempts[i], requests[i]);
            attempt.Name.ShouldBe("deliver event");
            attempt.ParentId.ShouldBe(request.Id);
            got.Header("traceparent").ShouldBe($"00-{traceId}-{attempt.Id}-01");
            got.Header("tracestate").ShouldBe(CallersState);
            attempt.State.ShouldBe(CallersState);
            attempt.IsError.ShouldBe(i == 0);
            attempt.Resource.ShouldContainKeyAndValue("service.name", "hookstream");
            var expected = new Dictionary<string, string>
            {
                ["hookstream.tenant"] = tenant.Id,
                ["hookstream.event"] = posted,
                ["hookstream.event_type"] = "order.paid",
                ["hookstream.delivery"] = got.DeliveryId,
                ["hookstream.endpoint"] = subscription.Id,
                ["hookstream.attempt"] = (i + 1).ToString(CultureInfo.InvariantCulture),
                ["hookstream.trigger"] = "schedule",
                ["hookstream.outcome"] = i == 0 ? "http_status" : "delivered",
                ["http.request.method"] = "POST",
                ["http.response.status_code"] = i == 0 ? "500" : "200",
                ["server.address"] = "127.0.0.1",
                ["server.port"] = endpoint.Url.Port.ToString(CultureInfo.InvariantCulture),
            };
            if (i == 0)
                expected["error.type"] = "http_status";
            attempt.Attributes.ShouldBe(expected, ignoreOrder: true);
        }

        await server.Log.WaitForAsync($"\"trace_id\":\"{traceId}\"");
        collector.Credentials.ShouldAllBe(key => key == "a-key-of-the-collector");
        server.Log.Problems().ShouldBeEmpty();
    }

    [Fact]
    public async Task Spans_hold_neither_payloads_nor_secrets_nor_what_else_is_in_a_url()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var collector = await TraceCollector.StartAsync();
        await using var server = await StartServerAsync([.. collector.Settings, ("HOOKSTREAM_RETRY_SCHEDULE", "0s")]);
        var tenant = await TenantApi.CreateAsync(server.Http, server.AdminToken);
        var endpoint = receiver.NewEndpoint("the-path-of-the-endpoint").Replies(Reply.Status(500) with { Body = "the-answer-of-the-endpoint"u8.ToArray() });
        var subscription = await tenant.SubscribeAsync(
            endpoint, settings: new { headers = new { Authorization = "Bearer the-credential-of-the-endpoint" } });
        var (traceId, parent) = NewContext(sampled: true);
        await PostAsync(tenant, parent, """{"card":"the-payload-that-was-posted"}""");
        await collector.WaitForAsync(traceId, 2);
        await tenant.Api.GetAsync("/api/v1/events?type=the-query-of-the-caller");
        await Eventually.TrueAsync(
            () => Task.FromResult(collector.Spans.Any(span => span.Name == "GET /api/v1/events")), () => "the span of the list");

        var needles = new SecretNeedles();
        needles.Add("the tenant's key", tenant.Key);
        needles.Add("the admin token", server.AdminToken);
        needles.AddSigningSecret("the signing secret", subscription.Secret);
        foreach (var text in (string[])
            [
                "the-path-of-the-endpoint", "the-answer-of-the-endpoint", "the-credential-of-the-endpoint",
                "the-payload-that-was-posted", "the-query-of-the-caller",
            ])
            needles.Add(text, text);
        foreach (var export in collector.Exports)
            needles.FindIn(export).ShouldBeEmpty();
        needles.FindIn(Encoding.UTF8.GetBytes(endpoint.Url.ToString())).ShouldHaveSingleItem();
        collector.Exports.Count(export => export.AsSpan().IndexOf(Encoding.UTF8.GetBytes(tenant.Id)) >= 0).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Events_of_a_batch_are_all_in_the_trace_of_its_request()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var collector = await TraceCollector.StartAsync();
        await using var server = await StartServerAsync(collector.Settings);
        var tenant = await TenantApi.CreateAsync(server.Http, server.AdminToken);
        var endpoint = receiver.NewEndpoint();
        await tenant.SubscribeAsync(endpoint, settings: new { verification = "none" });
        var (traceId, parent) = NewContext(sampled: true);
        const string Batch = """{"events":[{"type":"a.b","payload":{}},{"type":"a.c","payload":{},"idempotency_key":"k"},{"type":"?"}]}""";

        (await tenant.Api.SendAsync("POST", "/api/v1/events/batch", ApiClient.Json(Batch), ("traceparent", parent))).Data(202);
        var requests = await endpoint.WaitForAsync(2);
        var spans = await collector.WaitForAsync(traceId, 3);

        var request = spans.Single(span => span.Kind == SpanKind.Server);
        request.Name.ShouldBe("POST /api/v1/events/batch");
        request.Attributes.ShouldContainKeyAndValue("messaging.batch.message_count", "3");
        request.Attributes.ShouldContainKeyAndValue("hookstream.accepted", "2");
        spans.Where(span => span.Kind == SpanKind.Client).Select(span => span.ParentId).ShouldBe([request.Id, request.Id]);
        requests.ShouldAllBe(received => received.Header("traceparent").Contains(traceId));
    }

    [Fact]
    public async Task What_is_not_sampled_is_not_exported_and_the_endpoint_is_told()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var collector = await TraceCollector.StartAsync();
        await using var server = await StartServerAsync(
            [.. collector.Settings, ("OTEL_TRACES_SAMPLER", "parentbased_traceidratio"), ("OTEL_TRACES_SAMPLER_ARG", "0")]);
        var tenant = await TenantApi.CreateAsync(server.Http, server.AdminToken);
        var endpoint = receiver.NewEndpoint();
        await tenant.SubscribeAsync(endpoint, settings: new { verification = "none" });
        var (unsampled, unsampledParent) = NewContext(sampled: false);
        var (sampled, sampledParent) = NewContext(sampled: true);

        await PostAsync(tenant, null);
        await PostAsync(tenant, unsampledParent);
        await endpoint.WaitForAsync(2);
        await PostAsync(tenant, sampledParent);
        var requests = await endpoint.WaitForAsync(3);
        await collector.WaitForAsync(sampled, 2);

        collector.Spans.ShouldAllBe(span => span.TraceId == sampled);
        var headers = requests.Select(request => request.Header("traceparent")).ToArray();
        headers.Count(header => header.EndsWith("-00", StringComparison.Ordinal)).ShouldBe(2);
        headers.ShouldContain(header => header.StartsWith($"00-{unsampled}-", StringComparison.Ordinal));
        headers.ShouldContain(header => header.StartsWith($"00-{sampled}-", StringComparison.Ordinal) && header.EndsWith("-01", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_an_endpoint_of_a_collector_the_caller_s_context_is_passed_on_and_none_is_made_up()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var server = await StartServerAsync();
        var tenant = await TenantApi.CreateAsync(server.Http, server.AdminToken);
        var endpoint = receiver.NewEndpoint();
        await tenant.SubscribeAsync(endpoint, settings: new { verification = "none" });
        var (traceId, parent) = NewContext(sampled: true);

        await PostAsync(tenant, null);
        await PostAsync(tenant, "00-00000000000000000000000000000000-00f067aa0ba902b7-01");
        var without = await endpoint.WaitForAsync(2);
        without.ShouldAllBe(request => !request.Headers.ContainsKey("traceparent") && !request.Headers.ContainsKey("tracestate"));
        await PostAsync(tenant, parent);
        var with = (await endpoint.WaitForAsync(3)).Except(without).Single();

        with.Header("traceparent").ShouldBe(parent);
        with.Header("tracestate").ShouldBe(CallersState);
        await server.Log.WaitForAsync($"\"trace_id\":\"{traceId}\"");
    }

    private protected virtual Task<ServerProcess> StartServerAsync(params (string Name, string Value)[] settings) =>
        ServerProcess.StartAsync(settings);

    private static (string TraceId, string Parent) NewContext(bool sampled)
    {
        var traceId = Guid.NewGuid().ToString("N");
        return (traceId, $"00-{traceId}-{CallersSpan}-{(sampled ? "01" : "00")}");
    }

    private static async Task<System.Text.Json.JsonElement> PostAsync(TenantApi tenant, string? parent, string payload = "{}")
    {
        var body = ApiClient.Json($$"""{"type":"order.paid","payload":{{payload}}}""");
        (string, string)[] headers = parent is null
            ? []
            : [("traceparent", parent), ("tracestate", CallersState), ("X-Request-Id", "request-1")];
        return (await tenant.Api.SendAsync("POST", "/api/v1/events", body, headers)).Data(202);
    }
}
