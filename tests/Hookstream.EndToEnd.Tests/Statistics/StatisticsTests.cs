using System.Text.Json;
using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.Receivers;
using Hookstream.EndToEnd.Tests.Servers;

namespace Hookstream.EndToEnd.Tests.Statistics;

/// <summary>The figures agree with what was sent.</summary>
public class StatisticsTests(SharedServer shared)
{
    [Fact]
    public async Task Figures_are_those_of_the_attempts_that_were_made()
    {
        var tenant = await shared.NewTenantAsync();
        var fine = await tenant.SubscribeAsync(shared.Receiver.NewEndpoint());
        var failing = await tenant.SubscribeAsync(
            shared.Receiver.NewEndpoint().Replies(Reply.Status(500), Reply.Status(500), Reply.Ok), settings: new { retry_schedule = Thrice });
        var down = await tenant.SubscribeAsync(
            shared.Receiver.NewEndpoint().Replies(Reply.Status(500)), settings: new { retry_schedule = Once });
        for (var i = 0; i < 5; i++)
            await tenant.PostAsync("order.paid");

        var all = await StatisticsAsync(tenant, "/api/v1/stats", attempts: 5 + 7 + 5);

        Count(all, "delivered").ShouldBe(10);
        Count(all, "failed").ShouldBe(2);
        Count(all, "dead_letter").ShouldBe(5);
        var ofFine = await StatisticsAsync(tenant, $"/api/v1/subscribers/{fine.Id}/stats", attempts: 5);
        Hour(ofFine).GetProperty("success_rate").GetDouble().ShouldBe(1);
        Hour(ofFine).GetProperty("latency_ms").GetProperty("p50").GetDouble().ShouldBeInRange(0.05, 10_000);
        Hour(ofFine).GetProperty("delivery_latency_ms").GetProperty("p99").GetDouble().ShouldBeInRange(0.05, 60_000);
        var ofFailing = await StatisticsAsync(tenant, $"/api/v1/subscribers/{failing.Id}/stats", attempts: 7);
        Count(ofFailing, "failed").ShouldBe(2);
        Count(ofFailing, "delivered").ShouldBe(5);
        failing.Endpoint.Requests.Count.ShouldBe(7);
        var ofDown = await StatisticsAsync(tenant, $"/api/v1/subscribers/{down.Id}/stats", attempts: 5);
        Hour(ofDown).GetProperty("success_rate").GetDouble().ShouldBe(0);
        Hour(ofDown).GetProperty("delivery_latency_ms").GetProperty("p50").ValueKind.ShouldBe(JsonValueKind.Null);
        foreach (var window in (string[])["24h", "7d"])
            all.GetProperty("windows").GetProperty(window).ToString().ShouldBe(Hour(all).ToString());
    }

    [Fact]
    public async Task What_waits_is_counted_and_a_deleted_subscriber_is_not_found()
    {
        var tenant = await shared.NewTenantAsync();
        var subscription = await tenant.SubscribeAsync(shared.Receiver.NewEndpoint());
        (await tenant.Api.PatchAsync($"/api/v1/subscribers/{subscription.Id}/pause")).Data();
        await tenant.PostAsync("order.paid");
        var path = $"/api/v1/subscribers/{subscription.Id}/stats";

        (await tenant.Api.GetAsync(path)).Data().GetProperty("waiting").ToString()
            .ShouldBe("""{"pending":0,"held":1,"failed":0,"complete":true}""");

        (await tenant.Api.DeleteAsync($"/api/v1/subscribers/{subscription.Id}")).Status.ShouldBe(204);
        (await tenant.Api.GetAsync(path)).ShouldBeProblem(404, "not_found");
        (await tenant.Api.GetAsync("/api/v1/stats")).Data().GetProperty("waiting").GetProperty("held").GetInt32().ShouldBe(0);
    }

    private static readonly string[] Once = ["0s"];
    private static readonly string[] Thrice = ["0s", "1s", "1s"];

    private static async Task<JsonElement> StatisticsAsync(TenantApi tenant, string path, int attempts)
    {
        JsonElement statistics = default;
        await Eventually.TrueAsync(
            async () => Count(statistics = (await tenant.Api.GetAsync(path)).Data(), "attempts") == attempts,
            () => $"{attempts} attempts: {statistics}");
        return statistics;
    }

    private static JsonElement Hour(JsonElement statistics) => statistics.GetProperty("windows").GetProperty("1h");

    private static long Count(JsonElement statistics, string field) => Hour(statistics).GetProperty(field).GetInt64();
}
