using System.Globalization;
using System.Net.Http.Headers;
using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.Servers;
using Hookstream.TestServers.Programs;

namespace Hookstream.EndToEnd.Tests.Metrics;

/// <summary>Where and for whom <c>/metrics</c> answers, and when.</summary>
public sealed class MetricsAccessTests
{
    private const string Token = "a-token-for-prometheus";

    [Fact]
    public async Task Port_of_its_own_has_the_metrics_and_nothing_else_and_the_API_s_has_them_no_more()
    {
        var port = FreePort.Find();
        await using var server = await ServerProcess.StartAsync(
            ("HOOKSTREAM_METRICS_PORT", port.ToString(CultureInfo.InvariantCulture)), ("HOOKSTREAM_METRICS_TOKEN", Token));
        using var metrics = new HttpClient(new SocketsHttpHandler()) { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        metrics.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);

        (await new ApiClient(server.Http, null).GetAsync("/metrics")).ShouldHaveStatus(404);
        (await Scrape.OfAsync(metrics)).Sum("hookstream_build_info").ShouldBe(1);
        foreach (var path in (string[])["/health", "/api/v1/events", "/docs/", "/openapi/v1.json", "/metrics/more"])
            (await new ApiClient(metrics, server.ApiToken).GetAsync(path)).ShouldHaveStatus(404);
        (await new ApiClient(metrics, "another").GetAsync("/metrics")).ShouldHaveStatus(401);
        (await new ApiClient(metrics, server.AdminToken).GetAsync("/metrics")).ShouldHaveStatus(401);
    }

    [Fact]
    public async Task Process_that_waits_for_its_store_says_so()
    {
        await using var server = new ServerProcess(
            ("DATABASE_URL", "postgresql://nobody:nothing@127.0.0.1:1/none"),
            ("API_TOKEN", "a-token-of-the-default-tenant"),
            ("HOOKSTREAM_ENCRYPTION_KEY", Convert.ToBase64String(new byte[32])));
        server.Launch();
        Scrape? scrape = null;
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    return (scrape = await Scrape.OfAsync(server.Http)).Sum("hookstream_store_up") is not null;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            () => $"the metrics to tell of the store; it wrote\n{server.Log.Tail()}");

        scrape!.Sum("hookstream_store_up").ShouldBe(0);
        scrape.Sum("hookstream_queue_up").ShouldBe(0);
        scrape.Sum("hookstream_queue_depth").ShouldBeNull();
    }
}
