using System.Diagnostics;
using Hookstream.Core.Tracing;
using Hookstream.Delivery.Sending;

namespace Hookstream.Delivery.Dispatching;

/// <summary>
/// The span of an attempt: a child of the span that the event was posted in, however much later, and the parent of what the endpoint
/// makes of it. Its attributes are those of the attempt's log line; never payloads, headers or secrets, and of the URL the host alone.
/// </summary>
internal static class AttemptTrace
{
    private const string Name = "deliver event";

    // Events that were posted together have one parent, and are sent one after the other.
    [ThreadStatic]
    private static TraceContext? _lastOfThread;

    [ThreadStatic]
    private static ActivityContext _lastParentOfThread;

    /// <summary>Null where nobody listens. Whoever starts it ends it with <see cref="End"/>.</summary>
    public static Activity? Start(WebhookMessage message, EndpointLane lane)
    {
        if (!Traces.AreOn)
            return null;
        var span = Traces.Source.StartActivity(Name, ActivityKind.Client, ParentOf(message.Trace));
        // Nothing that the attempt calls asks for it, and each await of it would carry a context of its own along.
        Activity.Current = null;
        if (span is not { IsAllDataRequested: true })
            return span;
        var url = message.Endpoint.Subscriber.Settings.Url;
        // None of them is there yet: to add one looks at no other, as setting it would.
        return span
            .AddTag(SpanAttributes.Tenant, lane.TenantText)
            .AddTag(SpanAttributes.Event, message.EventText)
            .AddTag(SpanAttributes.EventType, message.Type.Value)
            .AddTag(SpanAttributes.Delivery, message.DeliveryText)
            .AddTag(SpanAttributes.Endpoint, lane.IdText)
            .AddTag(SpanAttributes.Attempt, message.Number)
            .AddTag(SpanAttributes.Trigger, message.Trigger.ToCode())
            .AddTag(SpanAttributes.Method, "POST")
            .AddTag(SpanAttributes.ServerAddress, url.Host)
            .AddTag(SpanAttributes.ServerPort, url.Port);
    }

    /// <summary>Ends it with what came of the attempt.</summary>
    public static void End(Activity? span, Attempt attempt)
    {
        if (span is null)
            return;
        if (span.IsAllDataRequested)
        {
            var outcome = attempt.Outcome.ToCode();
            span.AddTag(SpanAttributes.Outcome, outcome);
            if (attempt.StatusCode is { } status)
                span.AddTag(SpanAttributes.StatusCode, status);
            if (attempt.Outcome != AttemptOutcome.Delivered)
                span.AddTag(SpanAttributes.ErrorType, outcome).SetStatus(ActivityStatusCode.Error);
        }

        span.Dispose();
    }

    private static ActivityContext ParentOf(TraceContext? trace)
    {
        if (trace is null)
            return default;
        if (trace != _lastOfThread)
        {
            _lastOfThread = trace;
            _lastParentOfThread = trace.ToParent();
        }

        return _lastParentOfThread;
    }
}
