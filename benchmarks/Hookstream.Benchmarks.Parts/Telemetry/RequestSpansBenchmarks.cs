using System.Diagnostics;
using BenchmarkDotNet.Attributes;
using Hookstream.Api.Tracing;
using Hookstream.Core.Events;
using Hookstream.Core.Tracing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using TracerProvider = OpenTelemetry.Trace.TracerProvider;

namespace Hookstream.Benchmarks.Parts.Telemetry;

/// <summary>The two spans of a request that posts an event, without a parent: attributes that are added, beside attributes that are set.</summary>
public class RequestSpansBenchmarks
{
    private const string Route = "/api/v1/events";

    private readonly DefaultHttpContext _context = new();
    private readonly AppendResult _result = new(AppendOutcome.Accepted, TelemetrySample.Work.Event, 1);
    private TracerProvider? _listener;

    [GlobalSetup]
    public void Prepare()
    {
        _listener = DiscardingExporter.Listen();
        _context.Request.Method = "POST";
        _context.Request.Path = Route;
        _context.Response.StatusCode = StatusCodes.Status202Accepted;
        _context.TraceIdentifier = "0HN7T3S6UG5B2:00000001";
        _context.SetEndpoint(new RouteEndpoint(_ => Task.CompletedTask, RoutePatternFactory.Parse(Route), 0, null, null));
    }

    [GlobalCleanup]
    public void Stop() => _listener?.Dispose();

    [Benchmark(Baseline = true)]
    public string Plain()
    {
        var work = TelemetrySample.Work;
        using var request = Traces.Source.StartActivity("HTTP", ActivityKind.Server)!;
        using var published = Traces.Source.StartActivity("publish events", ActivityKind.Producer)!;
        published.SetTag(SpanAttributes.Tenant, work.Lease.Tenant.ToString());
        var stored = TraceContext.Of(published).Parent;
        published.SetTag(SpanAttributes.Event, _result.Id.ToString()).SetTag(SpanAttributes.EventType, work.EventType.Value);
        request.DisplayName = $"POST {Route}";
        request.SetTag(SpanAttributes.Route, Route)
            .SetTag(SpanAttributes.Method, "POST")
            .SetTag(SpanAttributes.StatusCode, _context.Response.StatusCode)
            .SetTag(SpanAttributes.RequestId, _context.TraceIdentifier);
        return stored;
    }

    [Benchmark]
    public string RequestSpans()
    {
        var request = RequestTrace.Start(_context);
        string stored;
        using (var published = PublishTrace.Start(_context.Request, TelemetrySample.Work.Lease.Tenant))
        {
            stored = published.Context!.Parent;
            published.Taken(TelemetrySample.Work.EventType, _result);
        }

        RequestTrace.End(request, _context);
        return stored;
    }
}
