using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Hookstream.EndToEnd.Tests.Traces;

/// <summary>Takes spans and metrics over OTLP/HTTP, as an OpenTelemetry collector does.</summary>
internal sealed class TraceCollector : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<byte[]> _exports = [];
    private readonly List<ExportedSpan> _spans = [];
    private readonly List<string> _credentials = [];
    private readonly List<byte[]> _metrics = [];
    private readonly WebApplication _app;

    private TraceCollector(WebApplication app) => _app = app;

    /// <summary>What the program is told to export here.</summary>
    public (string Name, string Value)[] Settings => SettingsOf(_app.Urls.Single());

    /// <summary>The bytes of every export of metrics.</summary>
    public IReadOnlyList<byte[]> MetricExports
    {
        get
        {
            lock (_lock)
                return [.. _metrics];
        }
    }

    public IReadOnlyList<ExportedSpan> Spans
    {
        get
        {
            lock (_lock)
                return [.. _spans];
        }
    }

    /// <summary>The bytes of every export of spans.</summary>
    public IReadOnlyList<byte[]> Exports
    {
        get
        {
            lock (_lock)
                return [.. _exports];
        }
    }

    /// <summary>The keys that were sent along.</summary>
    public IReadOnlyList<string> Credentials
    {
        get
        {
            lock (_lock)
                return [.. _credentials];
        }
    }

    public static (string Name, string Value)[] SettingsOf(string address) =>
    [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", address),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "x-collector-key=a-key-of-the-collector"),
        ("OTEL_BSP_SCHEDULE_DELAY", "50"),
    ];

    public static async Task<TraceCollector> StartAsync(int port = 0)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        var app = builder.Build();
        var collector = new TraceCollector(app);
        app.Run(collector.TakeAsync);
        await app.StartAsync();
        return collector;
    }

    /// <summary>Waits for the spans of a trace.</summary>
    public async Task<IReadOnlyList<ExportedSpan>> WaitForAsync(string traceId, int count)
    {
        IReadOnlyList<ExportedSpan> found = [];
        await Eventually.TrueAsync(
            () => Task.FromResult((found = [.. Spans.Where(span => span.TraceId == traceId)]).Count >= count),
            () => $"{count} spans of {traceId}; there are {string.Join(", ", Spans.Select(span => $"{span.Name} of {span.TraceId}"))}");
        return found;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var export = body.ToArray();
        var path = context.Request.Path.Value;
        if (path is not ("/v1/traces" or "/v1/metrics"))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        // An empty response: all was taken.
        context.Response.ContentType = "application/x-protobuf";
        lock (_lock)
        {
            if (path == "/v1/metrics")
            {
                _metrics.Add(export);
                return;
            }

            _exports.Add(export);
            _spans.AddRange(ExportedSpan.Read(export));
            _credentials.Add(context.Request.Headers["x-collector-key"].ToString());
        }
    }
}
