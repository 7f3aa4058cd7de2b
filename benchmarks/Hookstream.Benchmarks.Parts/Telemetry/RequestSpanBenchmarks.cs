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

/// <summary>The span of a request that posts an event, without a parent: attributes that are added, beside attributes that are set.</summary>
public class RequestSpanBenchmarks
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
        request.SetTag(SpanAttributes.Tenant, work.Lease.Tenant.ToString());
        var stored = TraceContext.Of(request).Parent;
        request.SetTag(SpanAttributes.Event, _result.Id.ToString()).SetTag(SpanAttributes.EventType, work.EventType.Value);
        request.DisplayName = $"POST {Route}";
        request.SetTag(SpanAttributes.Route, Route)
            .SetTag(SpanAttributes.Method, "POST")
            .SetTag(SpanAttributes.StatusCode, _context.Response.StatusCode)
            .SetTag(SpanAttributes.RequestId, _context.TraceIdentifier);
        return stored;
    }

    [Benchmark]
    public string RequestSpan()
    {
        var request = RequestTrace.Start(_context);
        var published = PublishTrace.Of(_context.Request, TelemetrySample.Work.Lease.Tenant);
        published.Taken(TelemetrySample.Work.EventType, _result);
        RequestTrace.End(request, _context);
        return published.Context!.Parent;
    }
}
