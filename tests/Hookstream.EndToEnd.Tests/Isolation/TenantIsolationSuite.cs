using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.BadInput;

namespace Hookstream.EndToEnd.Tests.Isolation;

/// <summary>For every call that takes an id, another tenant's id answers exactly as one that does not exist.</summary>
public abstract class TenantIsolationSuite(TwoTenants tenants)
{
    private static readonly Dictionary<string, (Call Call, int Position)> Table = (
        from call in Calls.All
        from position in Enumerable.Range(0, call.PathIds.Count)
        where call.PathIds[position] != "ten"
        select (call, position)).ToDictionary(row => $"{row.call.Name} {row.call.PathIds[row.position]}");

    public static TheoryData<string> Rows() => [.. Table.Keys];

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Id_in_path_of_another_tenant_is_as_one_that_does_not_exist(string row)
    {
        var (call, position) = Table[row];
        var prefix = call.PathIds[position];

        await ShouldBeAlikeAsync(
            prefix,
            id => tenants.ClientOf(call).SendAsync(call.Method, tenants.PathOf(call, position, id), ApiClient.Json(call.Body)));
    }

    [Theory]
    [InlineData("/api/v1/deliveries?subscriber_id=", "sub")]
    [InlineData("/api/v1/deliveries?event_id=", "evt")]
    [InlineData("/api/v1/dead-letter?subscriber_id=", "sub")]
    [InlineData("/api/v1/dead-letter?event_id=", "evt")]
    public Task Id_in_query_of_another_tenant_is_as_one_that_does_not_exist(string path, string prefix) =>
        ShouldBeAlikeAsync(prefix, id => tenants.Own.Api.GetAsync(path + id));

    [Theory]
    [InlineData("subscriber_id", "sub")]
    [InlineData("event_id", "evt")]
    public Task Id_in_a_bulk_replay_of_another_tenant_is_as_one_that_does_not_exist(string field, string prefix) =>
        ShouldBeAlikeAsync(
            prefix,
            id => tenants.Own.Api.PostAsync("/api/v1/deliveries/replay", $$"""{"{{field}}":"{{id}}","status":"delivered"}"""));

    [Fact]
    public Task Subscriber_of_another_tenant_in_an_event_replay_is_as_one_that_does_not_exist() =>
        ShouldBeAlikeAsync(
            "sub",
            id => tenants.Own.Api.PostAsync(
                $"/api/v1/events/{tenants.OwnIds["evt"]}/replay", $$"""{"subscriber_id":"{{id}}"}"""));

    [Fact]
    public async Task Lists_show_only_what_is_ones_own()
    {
        foreach (var list in new[] { "events", "deliveries", "subscribers", "keys" })
        {
            var answer = await tenants.Own.Api.GetAsync($"/api/v1/{list}?limit=100");
            answer.Data().GetArrayLength().ShouldBeGreaterThan(0, list);
            foreach (var id in tenants.OtherIds.Values)
                answer.Text.ShouldNotContain(id);
        }
    }

    [Fact]
    public async Task Cursor_of_another_tenant_shows_nothing_of_it()
    {
        await tenants.Other.PostAsync("order.paid");
        var cursor = (await tenants.Other.Api.GetAsync("/api/v1/events?limit=1")).Meta.Text("next_cursor");

        var answer = await tenants.Own.Api.GetAsync($"/api/v1/events?cursor={Uri.EscapeDataString(cursor)}");

        answer.Status.ShouldBeOneOf(200, 400);
        answer.Text.ShouldNotContain(tenants.OtherIds["evt"]);
    }

    [Fact]
    public async Task Tenant_header_of_somebody_who_is_not_the_operator_opens_nothing()
    {
        var posing = new ApiClient(tenants.Server.Http, tenants.Own.Key, tenants.Other.Id);

        var answer = await posing.GetAsync($"/api/v1/events/{tenants.OtherIds["evt"]}");

        answer.Status.ShouldBeOneOf(400, 401, 403, 404);
    }

    private async Task ShouldBeAlikeAsync(string prefix, Func<string, Task<ApiAnswer>> askAsync)
    {
        var ofOther = await askAsync(tenants.OtherIds[prefix]);
        var missing = await askAsync(TwoTenants.MissingId(prefix));

        ofOther.Status.ShouldBe(missing.Status);
        ofOther.ContentType.ShouldBe(missing.ContentType);
        Anonymised(ofOther, tenants.OtherIds[prefix]).ShouldBe(Anonymised(missing, TwoTenants.MissingId(prefix)));
        (await tenants.Other.SubscriberAsync(tenants.OtherIds["sub"])).Text("status").ShouldBe("active");
        (await tenants.Other.DeliveryAsync(tenants.OtherIds["dlv"])).Text("status").ShouldBe("delivered");
    }

    private static string Anonymised(ApiAnswer answer, string id) =>
        answer.Text
            .Replace(id, "<id>", StringComparison.Ordinal)
            .Replace(answer.Headers["X-Request-Id"], "<request>", StringComparison.Ordinal);
}
