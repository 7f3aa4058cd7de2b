using System.Net;
using System.Text;
using System.Text.Json;
using Hookstream.Client.Events;

namespace Hookstream.Client.Tests.Events;

public sealed class EventsClientTests
{
    private readonly RecordingServer _server = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Send_payload_bytes_go_out_as_they_came()
    {
        _server.Answer("""{"success":true,"data":{"event_id":"evt_1","enqueued_count":2}}""", HttpStatusCode.Accepted);
        const string payload = """{ "b": 1.50e1,  "a": "\u00e9é\/" , "nested":{} }""";

        var receipt = await _server.Client().Events.SendAsync(
            new NewEvent("order.created", Encoding.UTF8.GetBytes(payload))
            {
                IdempotencyKey = "key-1",
                Priority = "high",
                Timestamp = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.FromHours(1)),
            },
            Cancel);

        receipt.ShouldBe(new EventReceipt { EventId = "evt_1", EnqueuedCount = 2 });
        _server.Request.Method.ShouldBe("POST");
        _server.Request.Url.ShouldBe("http://server.test/api/v1/events");
        _server.Request.ContentType.ShouldBe("application/json");
        _server.Request.Headers["Authorization"].ShouldBe("Bearer token-1");
        _server.Request.Body.ShouldBe(
            $$"""{"type":"order.created","payload":{{payload}},"idempotency_key":"key-1","priority":"high","timestamp":"2026-01-02T02:04:05.678Z"}""");
    }

    [Fact]
    public async Task Send_element_keeps_its_text()
    {
        _server.Answer("""{"success":true,"data":{"event_id":"evt_1","enqueued_count":0,"duplicate":true}}""");
        using var document = JsonDocument.Parse("""{"n": 1.0}""");

        var receipt = await _server.Client().Events.SendAsync(new NewEvent("a", document.RootElement), Cancel);

        receipt.Duplicate.ShouldBeTrue();
        _server.Request.Body.ShouldBe("""{"type":"a","payload":{"n": 1.0}}""");
    }

    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("{} {}")]
    public async Task Send_payload_that_is_no_json_is_refused_before_it_is_sent(string payload)
    {
        var exception = await Should.ThrowAsync<ArgumentException>(
            () => _server.Client().Events.SendAsync(new NewEvent("a.b", Encoding.UTF8.GetBytes(payload)), Cancel));

        exception.Message.ShouldContain("a.b");
        _server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Batch_reads_results_and_errors_by_index()
    {
        _server.Answer(
            """
            {"success":true,"data":{"results":[
              {"index":0,"event_id":"evt_1","enqueued_count":1},
              {"index":1,"error":{"code":"validation_failed","detail":"bad","errors":{"type":["must not be empty"]}}}]}}
            """,
            HttpStatusCode.Accepted);

        var receipt = await _server.Client().Events.SendBatchAsync([new("a", "{}"u8.ToArray()), new("", "{}"u8.ToArray())], Cancel);

        _server.Request.Url.ShouldBe("http://server.test/api/v1/events/batch");
        _server.Request.Body.ShouldBe("""{"events":[{"type":"a","payload":{}},{"type":"","payload":{}}]}""");
        receipt.Results.Count.ShouldBe(2);
        receipt.Results[0].EventId.ShouldBe("evt_1");
        receipt.Results[1].Error!.Code.ShouldBe(ErrorCodes.ValidationFailed);
        receipt.Results[1].Error!.Errors!["type"].ShouldBe(["must not be empty"]);
    }

    [Fact]
    public async Task Get_reads_payload_deliveries_and_attempts()
    {
        _server.Answer(
            """
            {"success":true,"data":{"id":"evt_1","type":"a","payload":{"x": 1},"idempotency_key":null,"priority":"normal",
             "timestamp":"2026-01-01T00:00:00.000Z","created_at":"2026-01-01T00:00:01.000Z","deliveries":[
              {"id":"dlv_1","event_id":"evt_1","event_type":"a","subscriber_id":"sub_1","status":"failed","hold_reason":null,
               "attempt_count":1,"next_attempt_at":"2026-01-01T00:00:31.000Z","last_attempt_at":"2026-01-01T00:00:01.000Z",
               "last_status_code":500,"last_error":{"code":"http_status","message":"500"},"created_at":"2026-01-01T00:00:01.000Z",
               "finished_at":null,"attempts":[{"id":"att_1","number":1,"trigger":"schedule",
               "started_at":"2026-01-01T00:00:01.000Z","duration_ms":12,"outcome":"http_status","status_code":500,"error":null,
               "request_headers":{"a":"b"},"response_headers":{},"response_body":"no","response_truncated":false}]}]}}
            """);

        var found = await _server.Client().Events.GetAsync("evt_1", Cancel);

        _server.Request.Url.ShouldBe("http://server.test/api/v1/events/evt_1");
        found.Payload!.Value.GetRawText().ShouldBe("""{"x": 1}""");
        var delivery = found.Deliveries.ShouldNotBeNull().ShouldHaveSingleItem();
        delivery.LastError!.Code.ShouldBe("http_status");
        delivery.Attempts.ShouldNotBeNull().ShouldHaveSingleItem().StatusCode.ShouldBe(500);
    }

    [Fact]
    public async Task List_goes_through_the_pages_and_keeps_the_filter()
    {
        _server
            .Answer("""{"success":true,"data":[{"id":"evt_2","type":"a.b"}],"meta":{"limit":100,"next_cursor":"c/1=","total":2}}""")
            .Answer("""{"success":true,"data":[{"id":"evt_1","type":"a.b"}],"meta":{"limit":100,"next_cursor":null,"total":2}}""");
        var filter = new EventFilter { Type = "a.b", Since = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero) };

        var ids = new List<string>();
        await foreach (var found in _server.Client().Events.ListAsync(filter, Cancel))
            ids.Add(found.Id);

        ids.ShouldBe(["evt_2", "evt_1"]);
        const string first = "http://server.test/api/v1/events?type=a.b&since=2026-01-01T00%3A00%3A00.000Z&limit=100";
        _server.Requests.Select(request => request.Url).ShouldBe([first, first + "&cursor=c%2F1%3D"]);
    }

    [Fact]
    public async Task Replay_names_the_subscriber_only_when_given()
    {
        const string answer = """{"success":true,"data":{"event_id":"evt_1","enqueued_count":1}}""";
        _server.Answer(answer, HttpStatusCode.Accepted).Answer(answer, HttpStatusCode.Accepted);

        await _server.Client().Events.ReplayAsync("evt_1", cancellationToken: Cancel);
        (await _server.Client().Events.ReplayAsync("evt_1", "sub_1", Cancel)).EnqueuedCount.ShouldBe(1);

        _server.Requests.Select(request => request.Body).ShouldBe(["{}", """{"subscriber_id":"sub_1"}"""]);
    }
}
