using Hookstream.EndToEnd.Tests.Api;

namespace Hookstream.EndToEnd.Tests.BadInput;

/// <summary>Every call × every mistake: the right 4xx each time, and a server that is none the worse for it.</summary>
public sealed class BadInputTests(TwoTenants tenants) : IClassFixture<TwoTenants>
{
    private static readonly Dictionary<(string, string), Mistake> Table = (
        from call in Calls.All
        from mistake in Mistakes.Of(call)
        select (Call: call.Name, Mistake: mistake)).ToDictionary(row => (row.Call, row.Mistake.Name), row => row.Mistake);

    public static TheoryData<string, string> Rows()
    {
        var rows = new TheoryData<string, string>();
        foreach (var (call, mistake) in Table.Keys)
            rows.Add(call, mistake);
        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Mistake_gets_its_answer(string call, string mistake)
    {
        var row = Table[(call, mistake)];
        var mark = tenants.Server.Log.Mark;

        row.Check(await row.MakeAsync(tenants));

        tenants.Server.Log.Problems(mark).ShouldBeEmpty();
    }

    [Fact]
    public async Task Log_after_all_mistakes_is_json_without_errors_and_secrets_and_the_server_works_on()
    {
        foreach (var mistake in Table.Values)
            await mistake.MakeAsync(tenants);

        // The line of an attempt made now comes after everything that the mistakes could have logged.
        var posted = await tenants.Own.PostAsync("order.paid");
        var deliveryId = await tenants.Own.DeliveryIdAsync(posted.Id, tenants.OwnIds["sub"]);
        await tenants.Own.DeliveryAsync(deliveryId, "delivered");
        await tenants.Server.Log.WaitForAsync(deliveryId);
        tenants.Server.Log.Records().ShouldNotBeEmpty("no log line says at which level it was logged");
        tenants.Server.Log.Problems().ShouldBeEmpty();
        var lines = tenants.Server.Log.Since(0);
        lines.Count(line => line.Contains("whsec_", StringComparison.Ordinal)).ShouldBe(0);
        lines.Count(line => line.Contains(tenants.Own.Key, StringComparison.Ordinal)).ShouldBe(0);
    }

    [Theory]
    [InlineData("/api/v1/nothing")]
    [InlineData("/api/v2/events")]
    [InlineData("/nothing")]
    public async Task Unknown_path_is_not_found(string path) =>
        (await tenants.Own.Api.GetAsync(path)).ShouldBeProblem(404, "not_found");

    [Fact]
    public async Task All_errors_are_reported_at_once()
    {
        var answer = await tenants.Own.Api.PostAsync(
            "/api/v1/events", """{"type":"no spaces","payload":[],"priority":"urgent","prority":1,"idempotency_key":""}""");

        answer.ShouldBeProblem(400, "validation_failed", "type", "payload", "priority", "prority", "idempotency_key");
    }

    [Fact]
    public async Task Payload_at_the_limit_is_accepted_and_beyond_it_refused()
    {
        const int Limit = 262_144;
        var envelope = """{"text":""}""".Length;

        (await PostAsync(Limit - envelope)).Data(202);
        (await PostAsync(Limit - envelope + 1)).ShouldBeProblem(413, "payload_too_large");

        Task<ApiAnswer> PostAsync(int length) => tenants.Own.Api.PostAsync(
            "/api/v1/events", $$"""{"type":"order.paid","payload":{"text":"{{new string('x', length)}}"} }""");
    }

    [Fact]
    public async Task Bad_utf8_inside_a_payload_is_refused()
    {
        byte[] body = [.. "{\"type\":\"order.paid\",\"payload\":{\"text\":\""u8, 0xc3, 0x28, .. "\"}}"u8];

        (await tenants.Own.Api.PostAsync("/api/v1/events", body)).ShouldBeProblem(400, "invalid_json|validation_failed");
    }

    [Fact]
    public async Task Deep_payload_is_refused_and_a_moderately_deep_one_is_not()
    {
        (await PostAsync(50)).Data(202);
        (await PostAsync(70)).ShouldBeProblem(400, "payload_too_deep");
        (await PostAsync(10_000)).ShouldBeProblem(400, "payload_too_deep");

        Task<ApiAnswer> PostAsync(int depth) => tenants.Own.Api.PostAsync(
            "/api/v1/events",
            $$"""{"type":"order.paid","payload":{"deep":{{new string('[', depth)}}{{new string(']', depth)}} } }""");
    }
}
