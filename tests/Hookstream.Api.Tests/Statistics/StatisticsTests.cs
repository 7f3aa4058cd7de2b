using Hookstream.Core.Statistics;

namespace Hookstream.Api.Tests.Statistics;

public sealed class StatisticsTests : IAsyncLifetime
{
    private const string Nothing =
        """
        {"attempts":0,"delivered":0,"failed":0,"dead_letter":0,"success_rate":null,"latency_ms":{"p50":null,"p95":null,"p99":null},"delivery_latency_ms":{"p50":null,"p95":null,"p99":null}}
        """;

    private readonly ApiServer _server = new();

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Tenant_has_the_figures_of_its_windows_and_what_waits()
    {
        var hour = new StatisticsFigures { Delivered = 2, Failed = 1 };
        foreach (var milliseconds in (int[])[10, 20, 400])
            hour.Durations.Record(TimeSpan.FromMilliseconds(milliseconds));
        hour.Latencies.Record(TimeSpan.FromSeconds(5));
        _server.Statistics.Reports[(_server.Tenant.Id, null)] = new StatisticsReport(
            hour, new StatisticsFigures { Delivered = 3, DeadLetter = 1 }, new StatisticsFigures(), new WaitingCount(4, 5, 6, Complete: false));

        var answer = await _server.GetAsync("/api/v1/stats");

        answer.Status.ShouldBe(200, answer.Text);
        var windows = answer.Data.GetProperty("windows");
        windows.EnumerateObject().Select(window => window.Name).ShouldBe(["1h", "24h", "7d"]);
        var figures = windows.GetProperty("1h");
        figures.GetProperty("attempts").GetInt64().ShouldBe(3);
        figures.GetProperty("success_rate").GetDouble().ShouldBe(0.666667);
        figures.GetProperty("latency_ms").GetProperty("p50").GetDouble().ShouldBe(20, 0.9);
        figures.GetProperty("latency_ms").GetProperty("p99").GetDouble().ShouldBe(400, 18);
        figures.GetProperty("delivery_latency_ms").GetProperty("p95").GetDouble().ShouldBe(5_000, 225);
        windows.GetProperty("24h").GetProperty("dead_letter").GetInt64().ShouldBe(1);
        windows.GetProperty("7d").ToString().ShouldBe(Nothing);
        answer.Data.GetProperty("waiting").ToString().ShouldBe("""{"pending":4,"held":6,"failed":5,"complete":false}""");
    }

    [Fact]
    public async Task Subscriber_has_its_own()
    {
        var subscriber = SubscriberId.New(ApiServer.Now);
        _server.Statistics.Reports[(_server.Tenant.Id, subscriber)] = new StatisticsReport(
            new StatisticsFigures { Failed = 7 }, new StatisticsFigures(), new StatisticsFigures(), new WaitingCount(0, 0, 0, Complete: true));

        var answer = await _server.GetAsync($"/api/v1/subscribers/{subscriber}/stats");

        answer.Data.GetProperty("windows").GetProperty("1h").GetProperty("failed").GetInt64().ShouldBe(7);
        answer.Data.GetProperty("windows").GetProperty("1h").GetProperty("success_rate").GetDouble().ShouldBe(0);
    }

    [Theory]
    [InlineData("sub_x")]
    [InlineData("sub_01h455vb4pex5vsknk084sn02q")]
    public async Task Subscriber_that_is_not_there_is_not_found(string id) =>
        (await _server.GetAsync($"/api/v1/subscribers/{id}/stats")).ShouldFail(404, "not_found");

    [Fact]
    public async Task Key_that_does_not_read_is_refused() =>
        (await _server.GetAsync("/api/v1/stats", _server.Tenants.AddKey(_server.Tenant, KeyScopes.Manage))).ShouldFail(403, "forbidden");
}
