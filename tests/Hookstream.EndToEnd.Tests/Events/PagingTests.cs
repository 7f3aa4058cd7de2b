using System.Text.Json;
using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.Servers;

namespace Hookstream.EndToEnd.Tests.Events;

public class PagingTests(SharedServer shared)
{
    [Theory]
    [InlineData("/api/v1/events", "limit=7")]
    [InlineData("/api/v1/events", "limit=5")]
    [InlineData("/api/v1/deliveries", "limit=7")]
    [InlineData("/api/v1/deliveries", "limit=4&event_type=order.paid")]
    public async Task Cursor_walk_sees_everything_once_newest_first(string list, string query)
    {
        var tenant = await shared.NewTenantAsync();
        await tenant.SubscribeAsync(shared.Receiver.NewEndpoint());
        var events = string.Join(',', Enumerable.Range(0, 20).Select(_ => """{"type":"order.paid","payload":{}}"""));
        (await tenant.Api.PostAsync("/api/v1/events/batch", $$"""{"events":[{{events}}]}""")).Data(202);

        var seen = await WalkAsync(tenant, $"{list}?{query}");

        seen.Count.ShouldBe(20);
        seen.Distinct().Count().ShouldBe(20);
        seen.ShouldBe(seen.OrderByDescending(id => id, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Events_that_arrive_during_a_walk_do_not_repeat_what_was_seen()
    {
        var tenant = await shared.NewTenantAsync();
        for (var i = 0; i < 4; i++)
            await tenant.PostAsync("order.paid");
        var first = await tenant.Api.GetAsync("/api/v1/events?limit=2");
        await tenant.PostAsync("order.paid");

        var second = await tenant.Api.GetAsync($"/api/v1/events?limit=2&cursor={first.Meta.Text("next_cursor")}");

        Ids(first).Concat(Ids(second)).Distinct().Count().ShouldBe(4);
        second.Meta.IsNull("next_cursor").ShouldBeTrue();
    }

    [Fact]
    public async Task List_has_20_items_by_default_and_leaves_out_payloads()
    {
        var tenant = await shared.NewTenantAsync();
        var events = string.Join(',', Enumerable.Range(0, 21).Select(_ => """{"type":"order.paid","payload":{}}"""));
        (await tenant.Api.PostAsync("/api/v1/events/batch", $$"""{"events":[{{events}}]}""")).Data(202);

        var page = await tenant.Api.GetAsync("/api/v1/events");

        Ids(page).Length.ShouldBe(20);
        page.Meta.Number("limit").ShouldBe(20);
        page.Meta.Text("next_cursor").ShouldNotBeEmpty();
        page.Data().EnumerateArray().Count(item => item.TryGetProperty("payload", out _)).ShouldBe(0);
    }

    [Fact]
    public async Task Since_is_inclusive_and_until_exclusive()
    {
        var tenant = await shared.NewTenantAsync();
        var ids = new[] { (await tenant.PostAsync("order.paid")).Id, (await tenant.PostAsync("order.sent")).Id };
        var createdAt = (await tenant.Api.GetAsync($"/api/v1/events/{ids[0]}")).Data().Text("created_at");

        (await tenant.ListAsync($"/api/v1/events?since={createdAt}")).Select(item => item.Text("id")).ShouldContain(ids[0]);
        (await tenant.ListAsync($"/api/v1/events?until={createdAt}")).ShouldBeEmpty();
        (await tenant.ListAsync("/api/v1/events?type=order.sent")).ShouldHaveSingleItem().Text("id").ShouldBe(ids[1]);
    }

    private static async Task<List<string>> WalkAsync(TenantApi tenant, string path)
    {
        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = await tenant.Api.GetAsync(cursor is null ? path : $"{path}&cursor={Uri.EscapeDataString(cursor)}");
            seen.AddRange(Ids(page));
            seen.Count.ShouldBeLessThanOrEqualTo(100, "the walk does not end");
            var next = page.Meta.GetProperty("next_cursor");
            cursor = next.ValueKind == JsonValueKind.Null ? null : next.GetString();
        }
        while (cursor is not null);
        return seen;
    }

    private static string[] Ids(ApiAnswer page) => [.. page.Data().EnumerateArray().Select(item => item.Text("id"))];
}
