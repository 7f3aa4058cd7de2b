using System.Diagnostics;
using BenchmarkDotNet.Attributes;
using Hookstream.Core.Deliveries;
using Hookstream.Core.Tracing;
using Hookstream.Delivery.Dispatching;
using TracerProvider = OpenTelemetry.Trace.TracerProvider;

namespace Hookstream.Benchmarks.Parts.Telemetry;

/// <summary>The span of an attempt from its start to its end: attributes that are added, beside attributes that are set.</summary>
public class AttemptSpanBenchmarks
{
    private readonly DeliveryWork _work = TelemetrySample.Work;
    private TracerProvider? _listener;

    [GlobalSetup]
    public void Prepare() => _listener = DiscardingExporter.Listen();

    [GlobalCleanup]
    public void Stop() => _listener?.Dispose();

    [Benchmark(Baseline = true)]
    public void Plain()
    {
        var work = _work;
        var span = Traces.Source.StartActivity("deliver event", ActivityKind.Client, work.Trace!.ToParent())!;
        var url = work.Endpoint.Subscriber.Settings.Url;
        span.SetTag(SpanAttributes.Tenant, work.Lease.Tenant.ToString())
            .SetTag(SpanAttributes.Event, work.Event.ToString())
            .SetTag(SpanAttributes.EventType, work.EventType.Value)
            .SetTag(SpanAttributes.Delivery, work.Lease.Delivery.ToString())
            .SetTag(SpanAttributes.Endpoint, work.Lease.Subscriber.ToString())
            .SetTag(SpanAttributes.Attempt, work.AttemptCount + 1)
            .SetTag(SpanAttributes.Trigger, work.Trigger.ToCode())
            .SetTag(SpanAttributes.Method, "POST")
            .SetTag(SpanAttributes.ServerAddress, url.Host)
            .SetTag(SpanAttributes.ServerPort, url.Port)
            .SetTag(SpanAttributes.Outcome, TelemetrySample.Attempt.Outcome.ToCode())
            .SetTag(SpanAttributes.StatusCode, TelemetrySample.Attempt.StatusCode);
        span.Dispose();
    }

    [Benchmark]
    public void AttemptSpan()
    {
        var span = AttemptTrace.Start(_work);
        AttemptTrace.End(span, TelemetrySample.Attempt);
    }
}
