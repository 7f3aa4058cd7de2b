using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.Servers;
using Hookstream.EndToEnd.Tests.Traces;
using Hookstream.TestServers.Programs;

namespace Hookstream.EndToEnd.Tests.Metrics;

/// <summary>Where metrics go, as <c>OTEL_METRICS_EXPORTER</c> says, and what the log says when they do not arrive.</summary>
public sealed class MetricsExportTests
{
    [Fact]
    public async Task Collector_receives_metrics_and_nobody_fetches_them()
    {
        await using var collector = await TraceCollector.StartAsync();
        await using var server = await ServerProcess.StartAsync(
            [.. collector.Settings, ("OTEL_METRICS_EXPORTER", "otlp"), ("OTEL_METRIC_EXPORT_INTERVAL", "100")]);
        var tenant = await TenantApi.CreateAsync(server.Http, server.AdminToken);
        (await tenant.Api.PostAsync("/api/v1/events", new { type = "order.paid", payload = new { } })).Data(202);

        PushedMetrics? pushed = null;
        await Eventually.TrueAsync(
            () => Task.FromResult(collector.MetricExports is [.., var export]
                && (pushed = PushedMetrics.Read(export)).Sums.GetValueOrDefault("hookstream.events.ingested") == 1),
            () => $"the metrics of one event; the last ones are {string.Join(", ", pushed?.Names ?? [])}");

        pushed!.Names.ShouldContain("hookstream.ingest.duration");
        pushed.Names.ShouldContain("dotnet.gc.collections");
        pushed.Resource.ShouldContainKeyAndValue("service.name", "hookstream");
        pushed.Resource.ShouldContainKeyAndValue("hookstream.role", "all");
        Guid.TryParse(pushed.Resource["service.instance.id"], out _).ShouldBeTrue();
        collector.Spans.ShouldNotBeEmpty();
        await ShouldNotAnswerAsync(server, "OTEL_METRICS_EXPORTER is otlp");
        server.Log.Problems().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("OTEL_METRICS_EXPORTER", "none")]
    [InlineData("OTEL_SDK_DISABLED", "true")]
    public async Task Metrics_that_are_switched_off_are_not_found_and_the_answer_names_the_variable(string name, string value)
    {
        await using var server = await ServerProcess.StartAsync((name, value));

        await ShouldNotAnswerAsync(server, $"{name} is {value}");
    }

    [Fact]
    public async Task Log_says_that_nothing_reaches_the_collector_and_when_it_does_again()
    {
        var port = FreePort.Find();
        await using var server = await ServerProcess.StartAsync(TraceCollector.SettingsOf($"http://127.0.0.1:{port}"));
        var api = new ApiClient(server.Http, server.ApiToken);

        (await api.GetAsync("/api/v1/events")).ShouldHaveStatus(200);
        await server.Log.WaitForAsync($"Telemetry is not exported to http://127.0.0.1:{port}/v1/traces");
        await using var collector = await TraceCollector.StartAsync(port);
        (await api.GetAsync("/api/v1/events")).ShouldHaveStatus(200);
        await server.Log.WaitForAsync($"Telemetry is exported to http://127.0.0.1:{port}/v1/traces again");

        server.Log.Records().Count(record => record.GetProperty("level").GetString() == "warn").ShouldBe(1);
        collector.Spans.ShouldNotBeEmpty();
        (await Scrape.OfAsync(server.Http)).Sum("otel_sdk_processor_span_processed_total").ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(2);
    }

    private static async Task ShouldNotAnswerAsync(ServerProcess server, string because)
    {
        var answer = await new ApiClient(server.Http, null).GetAsync("/metrics");
        answer.ShouldBeProblem(404, "not_found");
        answer.Text.ShouldContain(because);
    }
}
