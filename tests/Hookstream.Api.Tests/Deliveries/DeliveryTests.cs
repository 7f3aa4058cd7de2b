using System.Text.Json;
using Hookstream.Api.Tests.Doubles;

namespace Hookstream.Api.Tests.Deliveries;

public sealed class DeliveryTests : IAsyncLifetime
{
    private const string Path = "/api/v1/deliveries";

    private readonly ApiServer _server = new();

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Delivery_is_shown_with_its_attempts_and_listed_without()
    {
        var id = Add(_server, _server.Tenant.Id);

        var one = await _server.GetAsync($"{Path}/{id}");
        var listed = await _server.GetAsync(Path);

        one.Data.GetProperty("status").GetString().ShouldBe("held");
        one.Data.GetProperty("hold_reason").GetString().ShouldBe("paused");
        one.Data.GetProperty("last_error").GetRawText().ShouldBe("""{"code":"timeout","message":"too slow"}""");
        one.Data.GetProperty("finished_at").ValueKind.ShouldBe(JsonValueKind.Null);
        one.Data.GetProperty("attempts").GetArrayLength().ShouldBe(1);
        listed.Data[0].GetProperty("id").GetString().ShouldBe(id.ToString());
        listed.Data[0].TryGetProperty("attempts", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Filters_reach_the_store()
    {
        var subscriber = SubscriberId.New(ApiServer.Now);
        var query = $"status=failed&subscriber_id={subscriber}&event_type=a.b&since=2026-01-01T00:00:00Z&until=2026-01-02T00:00:00%2B01:00";

        (await _server.GetAsync($"{Path}?{query}")).Status.ShouldBe(200);
        _server.Deliveries.LastQuery.ShouldBe(new DeliveryQuery(
            DeliveryStatus.Failed,
            subscriber,
            null,
            EventType.FromStore("a.b"),
            new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
            new DateTimeOffset(2026, 1, 1, 23, 0, 0, TimeSpan.Zero)));

        (await _server.GetAsync($"/api/v1/dead-letter?subscriber_id={subscriber}")).Status.ShouldBe(200);
        _server.Deliveries.LastQuery.ShouldBe(new DeliveryQuery(DeliveryStatus.DeadLetter, subscriber));
    }

    [Theory]
    [InlineData("status=dead", "status")]
    [InlineData("status=", "status")]
    [InlineData("subscriber_id=evt_01h455vb4pex5vsknk084sn02q&event_id=x", "subscriber_id,event_id")]
    [InlineData("since=now&until=2026-01-01", "since,until")]
    [InlineData("event_type=a..b", "event_type")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=101", "limit")]
    [InlineData("limit=-1", "limit")]
    [InlineData("limit=1.5", "limit")]
    [InlineData("limit=99999999999999999999", "limit")]
    [InlineData("limit=1&limit=2", "limit")]
    [InlineData("Limit=5", "Limit")]
    [InlineData("cursor=nonsense&statu=failed", "statu,cursor")]
    public async Task Query_is_validated_all_at_once(string query, string fields)
    {
        var answer = await _server.GetAsync($"{Path}?{query}");

        answer.ShouldFail(400, "validation_failed");
        string.Join(',', answer.ErrorFields).ShouldBe(fields);
    }

    [Fact]
    public async Task Pages_follow_each_other_to_the_end()
    {
        var all = Enumerable.Range(0, 5).Select(_ => Add(_server, _server.Tenant.Id).ToString()).ToHashSet();
        var seen = new List<string>();
        var cursor = "";
        do
        {
            var page = await _server.GetAsync($"{Path}?limit=2{cursor}");
            page.Json.GetProperty("meta").GetProperty("limit").GetInt32().ShouldBe(2);
            seen.AddRange(page.Data.EnumerateArray().Select(delivery => delivery.GetProperty("id").GetString()!));
            var next = page.Json.GetProperty("meta").GetProperty("next_cursor");
            cursor = next.ValueKind == JsonValueKind.Null ? null : $"&cursor={next.GetString()}";
        }
        while (cursor is not null);

        seen.Count.ShouldBe(5);
        seen.ToHashSet().SetEquals(all).ShouldBeTrue();
    }

    [Theory]
    [InlineData(ReplayOutcome.Accepted, 202, null)]
    [InlineData(ReplayOutcome.InFlight, 409, "delivery_in_flight")]
    [InlineData(ReplayOutcome.SubscriberDeleted, 409, "conflict")]
    [InlineData(ReplayOutcome.AlreadyDelivered, 409, "conflict")]
    public async Task Outcomes_of_replay_and_cancel_are_answered(ReplayOutcome outcome, int status, string? code)
    {
        var id = Add(_server, _server.Tenant.Id);
        _server.Deliveries.NextOutcome = outcome;

        foreach (var action in (string[])["replay", "cancel"])
        {
            var answer = await _server.PostAsync($"{Path}/{id}/{action}", null);
            answer.Status.ShouldBe(status, answer.Text);
            answer.Code.ShouldBe(code);
        }
    }

    [Theory]
    [InlineData("""{"since":"2026-01-01T00:00:00Z"}""", DeliveryStatus.DeadLetter, false)]
    [InlineData("""{"since":"2026-01-01T00:00:00Z","status":"failed","dry_run":true}""", DeliveryStatus.Failed, true)]
    public async Task Bulk_replay_answers_with_the_count(string body, DeliveryStatus status, bool dryRun)
    {
        var answer = await _server.PostAsync(Path + "/replay", body);

        answer.Status.ShouldBe(202, answer.Text);
        answer.Data.GetProperty("count").GetInt64().ShouldBe(7);
        _server.Deliveries.LastQuery!.Status.ShouldBe(status);
        _server.Deliveries.LastDryRun.ShouldBe(dryRun);
    }

    [Theory]
    [InlineData("{}", "subscriber_id")]
    [InlineData("""{"event_type":"a","until":"2026-01-01T00:00:00Z"}""", "subscriber_id")]
    [InlineData("""{"subscriber_id":"sub_x"}""", "subscriber_id")]
    [InlineData("""{"since":7,"status":"x","dry_run":"yes","limit":5}""", "limit,status,since,dry_run")]
    public async Task Bulk_replay_is_validated(string body, string fields)
    {
        var answer = await _server.PostAsync(Path + "/replay", body);

        answer.ShouldFail(400, "validation_failed");
        string.Join(',', answer.ErrorFields).ShouldBe(fields);
    }

    [Fact]
    public async Task Event_is_shown_with_payload_deliveries_and_attempts()
    {
        var sent = await _server.PostAsync("/api/v1/events", """{"type":"a.b","payload":{ "n":1.0 },"priority":"high"}""");
        var id = sent.Data.GetProperty("event_id").GetString();
        Add(_server, _server.Tenant.Id);

        var one = await _server.GetAsync($"/api/v1/events/{id}");
        var listed = await _server.GetAsync("/api/v1/events?type=a.b");
        var replayed = await _server.PostAsync($"/api/v1/events/{id}/replay", null);
        var malformed = await _server.PostAsync($"/api/v1/events/{id}/replay", """{"subscriber_id":"x"}""");

        one.Data.GetProperty("payload").GetRawText().ShouldBe("{ \"n\":1.0 }");
        one.Data.GetProperty("priority").GetString().ShouldBe("high");
        one.Data.GetProperty("deliveries")[0].GetProperty("attempts")[0].GetProperty("outcome").GetString().ShouldBe("http_status");
        listed.Data[0].GetProperty("id").GetString().ShouldBe(id);
        listed.Data[0].TryGetProperty("payload", out _).ShouldBeFalse();
        replayed.Status.ShouldBe(202);
        replayed.Data.GetProperty("enqueued_count").GetInt32().ShouldBe(1);
        malformed.ShouldFail(400, "validation_failed");
    }

    internal static DeliveryId Add(ApiServer server, TenantId tenant)
    {
        var delivery = new Delivery
        {
            Id = DeliveryId.New(ApiServer.Now),
            Event = EventId.New(ApiServer.Now),
            EventType = EventType.FromStore("a.b"),
            Subscriber = SubscriberId.New(ApiServer.Now),
            Status = DeliveryStatus.Held,
            HoldReason = HoldReason.Paused,
            AttemptCount = 1,
            LastError = new DeliveryError("timeout", "too slow"),
            CreatedAt = ApiServer.Now,
        };
        server.Deliveries.Deliveries.Add((tenant, new DeliveryDetail(delivery, [Probe.Attempt()])));
        return delivery.Id;
    }
}
