using System.Net;
using Hookstream.Client.Deliveries;

namespace Hookstream.Client.Tests.Deliveries;

public sealed class DeliveriesClientTests
{
    private const string Delivery = """{"id":"dlv_1","event_id":"evt_1","status":"pending"}""";

    private readonly RecordingServer _server = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task List_page_sends_every_filter()
    {
        _server.Answer($$$"""{"success":true,"data":[{{{Delivery}}}],"meta":{"limit":5,"next_cursor":"c","total":7}}""");
        var time = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        var page = await _server.Client().Deliveries.ListPageAsync(
            new DeliveryFilter
            {
                Status = DeliveryStatuses.DeadLetter,
                SubscriberId = "sub_1",
                EventId = "evt_1",
                EventType = "a.b",
                Since = time,
                Until = time.AddHours(1),
            },
            new PageRequest(5, "x"),
            Cancel);

        _server.Request.Url.ShouldBe(
            "http://server.test/api/v1/deliveries?status=dead_letter&subscriber_id=sub_1&event_id=evt_1&event_type=a.b"
            + "&since=2026-01-01T00%3A00%3A00.000Z&until=2026-01-01T01%3A00%3A00.000Z&limit=5&cursor=x");
        page.Items.ShouldHaveSingleItem().Id.ShouldBe("dlv_1");
        (page.Limit, page.NextCursor, page.Total).ShouldBe((5, "c", 7));
    }

    [Fact]
    public async Task Dead_letter_list_leaves_the_status_to_the_route()
    {
        _server.Answer("""{"success":true,"data":[],"meta":{"limit":20,"next_cursor":null}}""");

        var page = await _server.Client().Deliveries.ListDeadLetterPageAsync(
            new DeliveryFilter { Status = DeliveryStatuses.Held, SubscriberId = "sub_1" }, cancellationToken: Cancel);

        _server.Request.Url.ShouldBe("http://server.test/api/v1/dead-letter?subscriber_id=sub_1");
        page.Total.ShouldBeNull();
    }

    [Fact]
    public async Task Bulk_replay_sends_its_filter_and_reads_the_count()
    {
        _server.Answer("""{"success":true,"data":{"count":12,"dry_run":true}}""", HttpStatusCode.Accepted);

        var receipt = await _server.Client().Deliveries.ReplayManyAsync(
            new BulkReplay { SubscriberId = "sub_1", DryRun = true }, Cancel);

        _server.Request.Url.ShouldBe("http://server.test/api/v1/deliveries/replay");
        _server.Request.Body.ShouldBe("""{"subscriber_id":"sub_1","dry_run":true}""");
        receipt.ShouldBe(new BulkReplayReceipt { Count = 12, DryRun = true });
    }

    [Fact]
    public async Task Diagnosis_is_read_and_may_be_none()
    {
        _server
            .Answer(
                """
                {"success":true,"data":{"summary":"s","likely_cause":"c","pattern":"auth","recommended_action":"a","confidence":"low"}}
                """)
            .Answer("""{"success":true,"data":null,"message":"nothing failed"}""")
            .Answer("""{"code":"ai_timeout","detail":"too slow"}""", HttpStatusCode.GatewayTimeout);
        var deliveries = _server.Client().Deliveries;

        (await deliveries.DiagnoseAsync("sub_1", limit: 5, Cancel)).ShouldBe(new Diagnosis
        {
            Summary = "s",
            LikelyCause = "c",
            Pattern = "auth",
            RecommendedAction = "a",
            Confidence = "low",
        });
        (await deliveries.DiagnoseAsync("sub_1", cancellationToken: Cancel)).ShouldBeNull();
        (await Should.ThrowAsync<HookstreamApiException>(() => deliveries.DiagnoseAsync("sub_1", cancellationToken: Cancel)))
            .Code.ShouldBe(ErrorCodes.AiTimeout);

        _server.Requests.Select(request => $"{request.Method} {request.Url} {request.Body}").Take(2).ShouldBe(
            [
                """POST http://server.test/api/v1/deliveries/diagnose {"subscriber_id":"sub_1","limit":5}""",
                """POST http://server.test/api/v1/deliveries/diagnose {"subscriber_id":"sub_1"}""",
            ]);
    }

    [Fact]
    public async Task Replay_and_cancel_call_their_routes()
    {
        _server
            .Answer($$$"""{"success":true,"data":{{{Delivery}}}}""", HttpStatusCode.Accepted)
            .Answer("""{"code":"delivery_in_flight","detail":"is being sent"}""", HttpStatusCode.Conflict);

        (await _server.Client().Deliveries.ReplayAsync("dlv_1", Cancel)).Status.ShouldBe(DeliveryStatuses.Pending);
        (await Should.ThrowAsync<HookstreamApiException>(() => _server.Client().Deliveries.CancelAsync("dlv_1", Cancel)))
            .Code.ShouldBe(ErrorCodes.DeliveryInFlight);

        _server.Requests.Select(request => $"{request.Method} {request.Url}").ShouldBe(
            [
                "POST http://server.test/api/v1/deliveries/dlv_1/replay", "POST http://server.test/api/v1/deliveries/dlv_1/cancel",
            ]);
    }
}
