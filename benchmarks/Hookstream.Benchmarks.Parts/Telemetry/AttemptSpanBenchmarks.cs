using System.Diagnostics;
using BenchmarkDotNet.Attributes;
using Hookstream.Core.Deliveries;
using Hookstream.Core.Tracing;
using Hookstream.Delivery.Dispatching;
using Hookstream.Delivery.Sending;
using TracerProvider = OpenTelemetry.Trace.TracerProvider;

namespace Hookstream.Benchmarks.Parts.Telemetry;

/// <summary>The span of an attempt from its start to its end: attributes that are added, beside attributes that
/// are set, and texts of ids that others have made, beside its own.</summary>
public class AttemptSpanBenchmarks
{
    private readonly DeliveryWork _work = TelemetrySample.Work;
    private readonly EndpointLane _lane = new(TelemetrySample.Work.Lease.Subscriber, TelemetrySample.Work.Lease.Tenant);
    private TracerProvider? _listener;

    [GlobalSetup]
    public void Prepare() => _listener = DiscardingExporter.Listen();

    [GlobalCleanup]
    public void Stop() => _listener?.Dispose();

    [Benchmark(Baseline = true)]
    public (string Event, string Delivery) Plain()
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
        return Request(WebhookMessage.Of(work));
    }

    [Benchmark]
    public (string Event, string Delivery) AttemptSpan()
    {
        var message = WebhookMessage.Of(_work);
        var span = AttemptTrace.Start(message, _lane);
        AttemptTrace.End(span, TelemetrySample.Attempt);
        return Request(message);
    }

    // Has them in its headers, whether there is a span or not.
    private static (string Event, string Delivery) Request(WebhookMessage message) => (message.EventText, message.DeliveryText);
}
