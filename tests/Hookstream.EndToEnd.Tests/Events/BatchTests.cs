using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.Servers;

namespace Hookstream.EndToEnd.Tests.Events;

public class BatchTests(SharedServer shared)
{
    [Fact]
    public async Task Bad_items_fail_alone()
    {
        var tenant = await shared.NewTenantAsync();
        var endpoint = shared.Receiver.NewEndpoint();
        await tenant.SubscribeAsync(endpoint);
        await tenant.PostAsync("order.paid", """{"n":1}""", ""","idempotency_key":"taken" """);
        await endpoint.WaitForAsync(1);

        var answer = await tenant.Api.PostAsync(
            "/api/v1/events/batch",
            """
            {"events":[
              {"type":"order.paid","payload":{"n":0}},
              {"type":"no spaces","payload":{}},
              {"type":"order.paid","payload":[]},
              {"type":"order.paid","payload":{"n":2},"idempotency_key":"taken"},
              {"type":"order.sent","payload":{"n":4},"idempotency_key":"free"},
              "what is this",
              {"type":"hookstream.secret","payload":{}},
              {"payload":{},"prority":"high"}
            ]}
            """);

        var results = answer.Data(202).GetProperty("results").EnumerateArray().ToArray();
        results.Select(result => result.Number("index")).ShouldBe([0, 1, 2, 3, 4, 5, 6, 7]);
        results[0].Text("event_id").ShouldStartWith("evt_");
        results[0].Number("enqueued_count").ShouldBe(1);
        results[4].Text("event_id").ShouldStartWith("evt_");
        ErrorOf(results[1], "validation_failed", "type");
        ErrorOf(results[2], "validation_failed", "payload");
        ErrorOf(results[3], "idempotency_conflict");
        ErrorOf(results[5], "validation_failed");
        ErrorOf(results[6], "validation_failed", "type");
        ErrorOf(results[7], "validation_failed", "type", "prority");
        var requests = await endpoint.WaitForAsync(3);
        requests.Skip(1).Select(request => request.EventId).Order()
            .ShouldBe(new[] { results[0].Text("event_id"), results[4].Text("event_id") }.Order());
        (await tenant.ListAsync("/api/v1/events")).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Batch_without_a_valid_event_is_refused()
    {
        var tenant = await shared.NewTenantAsync();

        var answer = await tenant.Api.PostAsync(
            "/api/v1/events/batch", """{"events":[{"type":"no spaces","payload":{}},{"type":"order.paid"}]}""");

        answer.ShouldBeProblem(400, "validation_failed");
        (await tenant.ListAsync("/api/v1/events")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Batch_takes_a_thousand_events()
    {
        var tenant = await shared.NewTenantAsync();
        var endpoint = shared.Receiver.NewEndpoint();
        await tenant.SubscribeAsync(endpoint);
        var events = string.Join(
            ',', Enumerable.Range(0, 1000).Select(n => $$"""{"type":"order.paid","payload":{"n":{{n}} } }"""));

        var results = (await tenant.Api.PostAsync("/api/v1/events/batch", $$"""{"events":[{{events}}]}"""))
            .Data(202).GetProperty("results").EnumerateArray().ToArray();

        results.Length.ShouldBe(1000);
        var ids = results.Select(result => result.Text("event_id")).ToHashSet();
        ids.Count.ShouldBe(1000);
        var requests = await endpoint.WaitForAsync(1000);
        requests.Select(request => request.EventId).ToHashSet().SetEquals(ids).ShouldBeTrue();
    }

    private static void ErrorOf(System.Text.Json.JsonElement result, string code, params string[] fields)
    {
        var error = result.GetProperty("error");
        error.Text("code").ShouldBe(code, result.ToString());
        error.Text("detail").ShouldNotBeEmpty();
        foreach (var field in fields)
            error.GetProperty("errors").TryGetProperty(field, out _).ShouldBeTrue($"no error for '{field}' in {result}");
    }
}
