namespace Hookstream.Api.Tests.Events;

public sealed class BatchTests(ApiServer server) : IClassFixture<ApiServer>
{
    private const string Path = "/api/v1/events/batch";

    [Fact]
    public async Task Each_event_is_judged_alone()
    {
        var deep = new string('[', 65) + new string(']', 65);
        var answer = await server.PostAsync(Path, $$$"""
            {"events":[
              {"type":"a","payload":{"n":1}},
              {"type":"a..b","payload":{},"typo":1},
              7,
              {"type":"a","payload":{"n":{{{deep}}}}},
              {"type":"a","payload":{"n":2}}
            ]}
            """);

        answer.Status.ShouldBe(202, answer.Text);
        var results = answer.Data.GetProperty("results");
        results.GetArrayLength().ShouldBe(5);
        results[0].GetProperty("event_id").GetString().ShouldStartWith("evt_");
        results[0].GetProperty("enqueued_count").GetInt32().ShouldBe(2);
        results[1].GetProperty("error").GetProperty("code").GetString().ShouldBe("validation_failed");
        results[1].GetProperty("error").GetProperty("errors").EnumerateObject().Select(error => error.Name)
            .ShouldBe(["type", "typo"]);
        results[2].GetProperty("error").GetProperty("detail").GetString().ShouldNotBeNull().ShouldContain("object");
        results[3].GetProperty("error").GetProperty("code").GetString().ShouldBe("payload_too_deep");
        results[4].GetProperty("index").GetInt32().ShouldBe(4);
        results[4].TryGetProperty("error", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Batch_without_a_valid_event_is_refused()
    {
        var answer = await server.PostAsync(Path, """{"events":[{"type":"a"},{"payload":{}}]}""");

        answer.ShouldFail(400, "validation_failed");
        answer.ErrorFields.ShouldBe(["events[0].payload", "events[1].type"]);
        var results = answer.Data.GetProperty("results");
        results.GetArrayLength().ShouldBe(2);
        results[1].GetProperty("index").GetInt32().ShouldBe(1);
        results[1].GetProperty("error").GetProperty("errors").GetProperty("type")[0].GetString().ShouldBe("is required");
    }

    [Theory]
    [InlineData("Conflict", 400, "validation_failed", "idempotency_conflict")]
    [InlineData("Failed", 500, "internal", "internal")]
    public async Task Batch_that_the_store_takes_nothing_of_is_refused_and_tells_why(
        string outcome, int status, string code, string codeOfEach)
    {
        await using var own = new ApiServer();
        await own.InitializeAsync();
        own.Events.OnAppend = _ => new AppendResult(Enum.Parse<AppendOutcome>(outcome), EventId.New(ApiServer.Now), 0);

        var answer = await own.PostAsync(Path, """{"events":[{"type":"a","payload":{}},{"type":"b","payload":{}}]}""");

        answer.ShouldFail(status, code);
        answer.Data.GetProperty("results").EnumerateArray()
            .Select(result => result.GetProperty("error").GetProperty("code").GetString()).ShouldBe([codeOfEach, codeOfEach]);
    }

    [Fact]
    public async Task Every_event_of_a_refused_batch_is_told_of_however_many_there_are()
    {
        var events = string.Join(',', Enumerable.Repeat("""{"type":"a","payload":[]}""", 1000));

        var answer = await server.PostAsync(Path, $$"""{"events":[{{events}}]}""");

        answer.ShouldFail(400, "validation_failed");
        answer.Data.GetProperty("results").EnumerateArray()
            .Count(result => result.GetProperty("error").GetProperty("code").GetString() == "validation_failed").ShouldBe(1000);
    }

    [Theory]
    [InlineData("{}", "events")]
    [InlineData("""{"events":[]}""", "events")]
    [InlineData("""{"events":{}}""", "events")]
    [InlineData("""{"event":[],"events":[{"type":"a","payload":{}}]}""", "event")]
    [InlineData("""{"events":[{"type":"a","payload":{}}],"events":[]}""", "events")]
    public async Task Envelope_is_validated(string body, string field)
    {
        var answer = await server.PostAsync(Path, body);

        answer.ShouldFail(400, "validation_failed");
        answer.ErrorFields.ShouldBe([field]);
    }

    [Fact]
    public async Task Idempotency_key_of_the_whole_batch_is_refused()
    {
        var request = server.Request(
            HttpMethod.Post, Path, ApiServer.Json("""{"events":[{"type":"a","payload":{}}]}"""u8.ToArray()));
        request.Headers.Add("Idempotency-Key", "k");

        var answer = await server.SendAsync(request);

        answer.ShouldFail(400, "validation_failed");
        answer.Error("Idempotency-Key").ShouldContain("each event");
    }

    [Theory]
    [InlineData(1000, 202)]
    [InlineData(1001, 400)]
    public async Task Count_is_bounded(int count, int status)
    {
        var events = string.Join(',', Enumerable.Repeat("""{"type":"a","payload":{}}""", count));

        var answer = await server.PostAsync(Path, $$"""{"events":[{{events}}]}""");

        answer.Status.ShouldBe(status, answer.Text);
    }

    [Fact]
    public async Task Broken_JSON_refuses_the_whole_batch() =>
        (await server.PostAsync(Path, """{"events":[{"type":"a","payload":{}},{]}""")).ShouldFail(400, "invalid_json");
}
