using Hookstream.EndToEnd.Tests.Metrics;
using Hookstream.EndToEnd.Tests.Monitoring;
using Hookstream.EndToEnd.Tests.Servers;
using Hookstream.TestServers.Prometheus;

namespace Hookstream.EndToEnd.Tests.Deployments;

/// <summary>A worker has metrics as the API has.</summary>
public sealed class WorkerMetricsTests(PostgresSharedServer shared)
{
    [Fact]
    public async Task Worker_tells_that_it_claims_and_what_waits()
    {
        await using var worker = new ServerProcess(await shared.NewSettingsAsync());
        worker.Launch("--role", "worker");
        await worker.WaitUntilReadyAsync();
        Scrape? scrape = null;
        await Eventually.TrueAsync(
            async () => (scrape = await Scrape.OfAsync(worker.Http)).Sum("hookstream_oldest_due_seconds") is not null
                && scrape.Sum("hookstream_claims_total", ("result", "ok")) > 1,
            () => $"the worker to claim and to measure; it tells\n{scrape?.Text}");

        scrape!.Sum("hookstream_build_info", ("role", "worker")).ShouldBe(1);
        scrape.Sum("hookstream_oldest_due_seconds").ShouldBe(0);
        scrape.Sum("hookstream_deliveries_in_flight").ShouldBe(0);
        scrape.Sum("hookstream_claims_total", ("result", "failed")).ShouldBe(0);
    }

    [Fact]
    public async Task Alert_that_no_worker_claims_is_raised_when_the_only_worker_is_killed()
    {
        var settings = await shared.NewSettingsAsync();
        await using var api = new ServerProcess(settings);
        await using var worker = new ServerProcess(settings);
        api.Launch("--role", "api");
        worker.Launch("--role", "worker");
        await api.WaitUntilReadyAsync();
        await worker.WaitUntilReadyAsync();
        await using var prometheus = await PrometheusServer.StartNewAsync([api.Address, worker.Address], rules: MonitoringTests.RulesFile);
        var alert = (await prometheus.AlertsAsync()).Single(rule => rule.Name == "HookstreamNoWorkerClaims").Expression;
        await Eventually.TrueAsync(
            async () => (await prometheus.QueryAsync("sum(hookstream_store_up) == 2")).Count == 1
                && (await prometheus.QueryAsync(alert)).Count == 0,
            () => $"Prometheus to see the worker claim; it wrote\n{prometheus.LogTail}");

        await worker.KillAsync();

        await Eventually.TrueAsync(
            async () => (await prometheus.QueryAsync(alert)).Count == 1,
            () => $"the alert to be raised; Prometheus wrote\n{prometheus.LogTail}");
    }
}
