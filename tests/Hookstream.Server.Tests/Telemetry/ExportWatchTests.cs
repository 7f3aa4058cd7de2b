using System.Diagnostics;
using Hookstream.Server.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using OpenTelemetry;
using OpenTelemetry.Exporter;

namespace Hookstream.Server.Tests.Telemetry;

/// <summary>What the log says of exports that fail: once when they begin to, at most once a minute, and once when they work again.</summary>
public sealed class ExportWatchTests : IDisposable
{
    private const string Traces = "http://collector:4318/v1/traces";
    private const string Metrics = "http://collector:4318/v1/metrics";

    private readonly FakeTimeProvider _time = new();
    private readonly RecordedLog _log = new();
    private readonly ExportWatch _watch;

    public ExportWatchTests() => _watch = new ExportWatch(_log, _time);

    public void Dispose() => _watch.Dispose();

    [Fact]
    public void First_failure_is_told_and_the_next_ones_once_a_minute()
    {
        for (var second = 0; second < 65; second++)
        {
            _watch.Failed(Traces, "refused");
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        _log.Lines.ShouldBe(
        [
            $"Telemetry is not exported to {Traces}: 1 exports in a row have failed and are lost, the last one: refused",
            $"Telemetry is not exported to {Traces}: 61 exports in a row have failed and are lost, the last one: refused",
        ]);
    }

    [Fact]
    public void Success_after_what_was_told_is_told_once()
    {
        _watch.Succeeded(Traces);
        _watch.Failed(Traces, "refused");
        _watch.Failed(Traces, "refused");
        _watch.Succeeded(Traces);
        _watch.Succeeded(Traces);

        _log.Lines.Count.ShouldBe(2);
        _log.Lines[1].ShouldBe($"Telemetry is exported to {Traces} again, after 2 exports that failed");
    }

    [Fact]
    public void Collector_that_comes_and_goes_fills_no_log()
    {
        for (var i = 0; i < 50; i++)
        {
            _watch.Failed(Traces, "refused");
            _watch.Succeeded(Traces);
        }

        _log.Lines.Count.ShouldBe(2);
        _time.Advance(TimeSpan.FromMinutes(1));
        _watch.Failed(Traces, "refused");
        _log.Lines.Count.ShouldBe(3);
    }

    [Fact]
    public void Endpoints_are_told_apart()
    {
        _watch.Failed(Traces, "refused");
        _watch.Failed(Metrics, "refused");
        _watch.Succeeded(Metrics);

        _log.Lines.Count.ShouldBe(3);
        _log.Lines[2].ShouldContain(Metrics);
    }

    [Theory]
    [InlineData(OtlpExportProtocol.Grpc)]
    [InlineData(OtlpExportProtocol.HttpProtobuf)]
    public void Exporter_whose_collector_is_absent_is_heard(OtlpExportProtocol protocol)
    {
        // Port 1 is tcpmux, which nobody runs.
        using var exporter = new OtlpTraceExporter(new OtlpExporterOptions
        {
            Endpoint = new Uri("http://127.0.0.1:1/v1/traces"), Protocol = protocol, TimeoutMilliseconds = 2_000,
        });
        using var span = new Activity("a span").Start();

        exporter.Export(new Batch<Activity>([span], 1)).ShouldBe(ExportResult.Failure);

        var line = _log.Lines.ShouldHaveSingleItem();
        line.ShouldStartWith("Telemetry is not exported to http://127.0.0.1:1/");
        line.ShouldContain("refused");
        line.ShouldNotContain("   at ");
    }

    private sealed class RecordedLog : ILogger<ExportWatch>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception));
    }
}
