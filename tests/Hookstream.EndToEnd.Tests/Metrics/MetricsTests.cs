using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.Receivers;
using Hookstream.EndToEnd.Tests.Servers;
using Hookstream.TestServers.Prometheus;

namespace Hookstream.EndToEnd.Tests.Metrics;

/// <summary>The figures of a running server, as curl and as a real Prometheus see them.</summary>
public class MetricsTests
{
    private const string Name = "Acme \"Söhne\" \\ 1";
    private const string Deliveries = "hookstream_deliveries_total";

    private protected virtual string Deployment => "embedded";

    [Fact]
    public async Task Figures_agree_with_the_store_and_the_receiver_after_a_run_of_known_size()
    {
        const int Events = 150;
        await using var receiver = await Receiver.StartAsync();
        await using var server = await StartServerAsync(("HOOKSTREAM_RETRY_SCHEDULE", "0s,50ms"));
        var tenant = await TenantApi.CreateAsync(server.Http, server.AdminToken, Name);
        var good = receiver.NewEndpoint();
        var bad = receiver.NewEndpoint().Replies(Reply.Status(500));
        await tenant.SubscribeAsync(good, settings: new { verification = "none" });
        await tenant.SubscribeAsync(bad, settings: new { verification = "none", circuit_threshold = 1_000 });
        for (var i = 0; i < 3; i++)
            await PostAsync(tenant, Events / 3);
        Scrape? scrape = null;
        await Eventually.TrueAsync(
            async () => (scrape = await Scrape.OfAsync(server.Http)).Sum(Deliveries) >= 3 * Events
                && scrape.Sum("hookstream_delivery_latency_seconds_count") >= Events
                && scrape.Sum("hookstream_ingest_duration_seconds_count") >= 3
                && scrape.Sum("hookstream_api_requests_total", ("route", "/api/v1/events/batch"), ("status", "202")) >= 3,
            () => $"all attempts to be counted; of them are\n{scrape?.Text}");

        var received = good.Requests.Count + bad.Requests.Count;
        received.ShouldBe(3 * Events);
        (await AttemptsInStoreAsync(tenant)).ShouldBe(received);
        scrape = await Scrape.OfAsync(server.Http);
        scrape.Sum(Deliveries).ShouldBe(received);
        (string, string)[] labels = [("tenant", """Acme \"Söhne\" \\ 1"""), ("event_type", "order.paid")];
        scrape.Sum(Deliveries, [.. labels, ("status", "delivered")]).ShouldBe(Events);
        scrape.Sum(Deliveries, [.. labels, ("status", "failed")]).ShouldBe(Events);
        scrape.Sum(Deliveries, [.. labels, ("status", "dead_letter")]).ShouldBe(Events);
        scrape.Sum("hookstream_dead_letter_total").ShouldBe(Events);
        scrape.Sum("hookstream_delivery_duration_seconds_count").ShouldBe(received);
        scrape.Sum("hookstream_delivery_latency_seconds_count").ShouldBe(Events);
        scrape.Sum("hookstream_http_requests_total").ShouldBe(received);
        // What a queue hands out that has ended meanwhile is given back, and was claimed all the same.
        scrape.Sum("hookstream_claimed_deliveries_total")!.Value.ShouldBeInRange(received, received * 1.1);
        scrape.Sum("hookstream_leases_expired_total").ShouldBe(0);
        scrape.Sum("hookstream_events_ingested_total").ShouldBe(Events);
        scrape.Sum("hookstream_ingest_duration_seconds_count").ShouldBe(3);
        scrape.Sum("hookstream_api_requests_total", ("route", "/api/v1/events/batch"), ("status", "202")).ShouldBe(3);
        scrape.Sum("hookstream_http_connections_total", ("result", "opened"))!.Value.ShouldBeInRange(1, received / 2);
        scrape.Sum("hookstream_store_up").ShouldBe(1);
        scrape.Sum("hookstream_queue_up").ShouldBe(1);
        scrape.Sum("hookstream_build_info", ("role", "all")).ShouldBe(1);
    }

    [Fact]
    public async Task Prometheus_reads_every_documented_metric_and_no_other_of_a_server_under_load()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var server = await StartServerAsync(("HOOKSTREAM_METRICS_TOKEN", "a-token-for-prometheus"));
        await using var prometheus = await PrometheusServer.StartNewAsync(server.Address, "a-token-for-prometheus");
        var tenant = await TenantApi.CreateAsync(server.Http, server.AdminToken, Name);
        var good = await tenant.SubscribeAsync(receiver.NewEndpoint());
        var broken = await tenant.SubscribeAsync(
            receiver.NewEndpoint().Replies(Reply.Status(500)), settings: new { circuit_threshold = 1 });
        var paused = await tenant.SubscribeAsync(receiver.NewEndpoint());
        await tenant.Api.PatchAsync($"/api/v1/subscribers/{paused.Id}/pause");
        var documented = await MetricsReference.ReadAsync();
        documented.Count.ShouldBeGreaterThan(40);
        var expected = documented.Where(row => row.IsOn(Deployment)).ToList();

        IReadOnlyList<string> missing = [];
        await Eventually.TrueAsync(
            async () =>
            {
                await PostAsync(tenant, 50);
                missing = await MissingAsync(prometheus, expected.Where(row => !row.Name.StartsWith("dotnet_exceptions", StringComparison.Ordinal)));
                return missing.Count == 0;
            },
            () => $"Prometheus to have {string.Join(", ", missing)}; it wrote\n{prometheus.LogTail}");

        await Eventually.PassAsync(async () =>
        {
            (await prometheus.QueryAsync("up{job=\"hookstream\"}")).ShouldHaveSingleItem().Value.ShouldBe(1);
            var state = (await prometheus.QueryAsync($"hookstream_circuit_breaker_state{{endpoint=\"{broken.Id}\"}}")).ShouldHaveSingleItem();
            state.Value.ShouldBe(1);
            (await prometheus.QueryAsync($"hookstream_circuit_breaker_state{{endpoint=\"{good.Id}\"}}")).ShouldHaveSingleItem().Value.ShouldBe(0);
            (await prometheus.QueryAsync("hookstream_deliveries_held{reason=\"paused\"} > 0")).ShouldHaveSingleItem();
            (await prometheus.QueryAsync("histogram_quantile(0.99, hookstream_delivery_duration_seconds_bucket)"))
                .ShouldHaveSingleItem().Value.ShouldBeInRange(0, 30);
            var depth = (await prometheus.QueryAsync("hookstream_queue_depth > 0")).ShouldHaveSingleItem();
            depth.Labels["tenant"].ShouldBe(Name);
        });

        using var request = new HttpClient(new SocketsHttpHandler()) { BaseAddress = server.Address };
        request.DefaultRequestHeaders.Authorization = new("Bearer", "a-token-for-prometheus");
        var scrape = await Scrape.OfAsync(request);
        var (exitCode, output) = await PrometheusServer.PromtoolAsync(scrape.Text, "check", "metrics");
        output.ShouldBeEmpty();
        exitCode.ShouldBe(0);
        var rows = documented.ToDictionary(row => row.Name);
        foreach (var (metric, type) in scrape.Types)
        {
            rows.ShouldContainKey(metric);
            rows[metric].Type.ShouldBe(type, metric);
            rows[metric].Labels.ShouldBe(scrape.LabelsOf(metric), ignoreOrder: true, metric);
        }
    }

    private protected virtual Task<ServerProcess> StartServerAsync(params (string Name, string Value)[] settings) =>
        ServerProcess.StartAsync(settings);

    private static async Task PostAsync(TenantApi tenant, int count)
    {
        var events = string.Join(',', Enumerable.Repeat("""{"type":"order.paid","payload":{"n":1}}""", count));
        (await tenant.Api.PostAsync("/api/v1/events/batch", $$"""{"events":[{{events}}]}""")).Data(202);
    }

    private static async Task<long> AttemptsInStoreAsync(TenantApi tenant)
    {
        var sum = 0L;
        var path = "/api/v1/deliveries?limit=100";
        string? cursor = null;
        do
        {
            var answer = await tenant.Api.GetAsync(cursor is null ? path : $"{path}&cursor={cursor}");
            sum += answer.Data().EnumerateArray().Sum(delivery => delivery.GetProperty("attempt_count").GetInt64());
            cursor = answer.Json.GetProperty("meta").GetProperty("next_cursor").GetString();
        }
        while (cursor is not null);
        return sum;
    }

    private static async Task<IReadOnlyList<string>> MissingAsync(PrometheusServer prometheus, IEnumerable<MetricsReference.Row> expected)
    {
        var there = (await prometheus.QueryAsync("count by (__name__) ({job=\"hookstream\"})"))
            .Select(series => series.Labels["__name__"]).ToHashSet();
        return [.. expected.Select(row => row.Type == "histogram" ? row.Name + "_count" : row.Name).Where(name => !there.Contains(name))];
    }
}
