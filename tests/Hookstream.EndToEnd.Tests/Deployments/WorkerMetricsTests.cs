using Hookstream.EndToEnd.Tests.Metrics;
using Hookstream.EndToEnd.Tests.Servers;

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
}
