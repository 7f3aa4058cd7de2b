using Hookstream.Server.Configuration;
using Microsoft.Extensions.Configuration;

namespace Hookstream.Server.Tests.Configuration;

/// <summary>Which of traces and metrics leave the process, by OpenTelemetry's standard variables.</summary>
public sealed class TelemetrySettingsTests
{
    private const string Collector = "http://collector:4317";

    [Theory]
    [InlineData(null, true, false)]
    [InlineData("prometheus", true, false)]
    [InlineData("otlp", false, true)]
    [InlineData("OTLP, prometheus", true, true)]
    [InlineData("none", false, false)]
    public void Metrics_go_where_the_variable_says(string? exporters, bool fetched, bool pushed)
    {
        var telemetry = Accepted(("OTEL_METRICS_EXPORTER", exporters));

        telemetry.MetricsAreFetched.ShouldBe(fetched);
        telemetry.MetricsArePushed.ShouldBe(pushed);
        if (fetched)
            telemetry.NotFetchedBecause.ShouldBeNull();
        else
            telemetry.NotFetchedBecause.ShouldBe($"OTEL_METRICS_EXPORTER is {exporters}");
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", true)]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", true)]
    [InlineData("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", false)]
    public void Endpoint_alone_exports_traces_and_no_metrics(string name, bool traces)
    {
        var telemetry = Accepted((name, Collector));

        telemetry.Traces.ShouldBe(traces);
        telemetry.MetricsArePushed.ShouldBeFalse();
        telemetry.MetricsAreFetched.ShouldBeTrue();
        telemetry.Variables.ShouldContainKeyAndValue(name, Collector);
        telemetry.Variables.ShouldContainKeyAndValue("OTEL_SERVICE_NAME", "hookstream");
    }

    [Fact]
    public void Without_an_endpoint_there_are_no_spans()
    {
        Accepted().Traces.ShouldBeFalse();
        Accepted(("OTEL_EXPORTER_OTLP_ENDPOINT", Collector), ("OTEL_TRACES_EXPORTER", "none")).Traces.ShouldBeFalse();
    }

    [Fact]
    public void Disabled_means_every_signal()
    {
        var telemetry = Accepted(
            ("OTEL_SDK_DISABLED", "true"), ("OTEL_EXPORTER_OTLP_ENDPOINT", Collector), ("OTEL_METRICS_EXPORTER", "prometheus,otlp"));

        telemetry.Traces.ShouldBeFalse();
        telemetry.MetricsAreFetched.ShouldBeFalse();
        telemetry.MetricsArePushed.ShouldBeFalse();
        telemetry.NotFetchedBecause.ShouldBe("OTEL_SDK_DISABLED is true");
    }

    [Theory]
    [InlineData("OTEL_METRICS_EXPORTER", "none,otlp", "prometheus, otlp, both separated by a comma, or none alone")]
    [InlineData("OTEL_METRICS_EXPORTER", "console", "prometheus, otlp, both separated by a comma, or none alone")]
    [InlineData("OTEL_METRICS_EXPORTER", ",", "prometheus, otlp, both separated by a comma, or none alone")]
    [InlineData("OTEL_TRACES_EXPORTER", "zipkin", "one of otlp, none")]
    [InlineData("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "http/json", "one of grpc, http/protobuf")]
    [InlineData("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "sometimes", "one of cumulative, delta, lowmemory")]
    [InlineData("OTEL_METRIC_EXPORT_INTERVAL", "60s", "a whole number from 1 to 2147483647")]
    [InlineData("OTEL_EXPORTER_OTLP_METRICS_TIMEOUT", "0", "a whole number from 1 to 2147483647")]
    [InlineData("OTEL_BSP_MAX_QUEUE_SIZE", "1000001", "a whole number from 1 to 1000000")]
    public void What_is_not_accepted_is_told_with_what_is(string name, string value, string accepted)
    {
        Problems((name, value)).ShouldHaveSingleItem().ShouldBe($"{name}: '{value}' is not accepted; accepted: {accepted}");
    }

    [Fact]
    public void Endpoint_with_a_password_is_refused_without_showing_it()
    {
        Problems(("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "http://user:s3cret@collector"))
            .ShouldHaveSingleItem().ShouldBe(
                "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: its value is not accepted; accepted: an http or https URL without user, query and fragment");
    }

    [Fact]
    public void Batch_is_not_larger_than_the_queue_that_it_is_taken_from()
    {
        Problems(("OTEL_BSP_MAX_QUEUE_SIZE", "100"), ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "101"))
            .ShouldHaveSingleItem().ShouldBe("OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '101' is more than OTEL_BSP_MAX_QUEUE_SIZE, which is 100");
        Problems(("OTEL_BSP_MAX_QUEUE_SIZE", "100"), ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "100")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(null, null, "32768", "2048")]
    [InlineData("100", null, "100", "100")]
    [InlineData(null, "40000", "40000", "40000")]
    [InlineData("5000", "10", "5000", "10")]
    public void Queue_of_spans_has_room_for_what_the_program_makes(string? queue, string? batch, string expectedQueue, string expectedBatch)
    {
        var telemetry = Accepted(("OTEL_BSP_MAX_QUEUE_SIZE", queue), ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", batch));

        telemetry.Variables.ShouldContainKeyAndValue("OTEL_BSP_MAX_QUEUE_SIZE", expectedQueue);
        telemetry.Variables.ShouldContainKeyAndValue("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", expectedBatch);
    }

    private static TelemetrySettings Accepted(params (string Name, string? Value)[] settings)
    {
        var (telemetry, problems) = Read(settings);
        problems.ShouldBeEmpty();
        return telemetry;
    }

    private static IReadOnlyList<string> Problems(params (string Name, string? Value)[] settings) => Read(settings).Problems;

    private static (TelemetrySettings Telemetry, IReadOnlyList<string> Problems) Read((string Name, string? Value)[] settings)
    {
        var reader = new SettingsReader(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.ToDictionary(setting => setting.Name, setting => setting.Value))
            .Build());
        return (TelemetrySettings.Read(reader), reader.Problems);
    }
}
