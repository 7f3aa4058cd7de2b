using System.Diagnostics;
using Hookstream.Core.Tracing;

namespace Hookstream.Delivery.Dispatching;

/// <summary>
/// The span of an attempt: a child of the span that the event was posted in, however much later, and the parent of what the endpoint
/// makes of it. Its attributes are those of the attempt's log line; never payloads, headers or secrets, and of the URL the host alone.
/// </summary>
internal static class AttemptTrace
{
    private const string Name = "deliver event";

    /// <summary>Null where nobody listens. Whoever starts it ends it with <see cref="End"/>.</summary>
    public static Activity? Start(DeliveryWork work)
    {
        if (!Traces.AreOn)
            return null;
        var span = Traces.Source.StartActivity(Name, ActivityKind.Client, work.Trace?.ToParent() ?? default);
        if (span is not { IsAllDataRequested: true })
            return span;
        var url = work.Endpoint.Subscriber.Settings.Url;
        return span
            .SetTag(SpanAttributes.Tenant, work.Lease.Tenant.ToString())
            .SetTag(SpanAttributes.Event, work.Event.ToString())
            .SetTag(SpanAttributes.EventType, work.EventType.Value)
            .SetTag(SpanAttributes.Delivery, work.Lease.Delivery.ToString())
            .SetTag(SpanAttributes.Endpoint, work.Lease.Subscriber.ToString())
            .SetTag(SpanAttributes.Attempt, work.AttemptCount + 1)
            .SetTag(SpanAttributes.Trigger, work.Trigger.ToCode())
            .SetTag(SpanAttributes.Method, "POST")
            .SetTag(SpanAttributes.ServerAddress, url.Host)
            .SetTag(SpanAttributes.ServerPort, url.Port);
    }

    /// <summary>Ends it with what came of the attempt.</summary>
    public static void End(Activity? span, Attempt attempt)
    {
        if (span is null)
            return;
        if (span.IsAllDataRequested)
        {
            var outcome = attempt.Outcome.ToCode();
            span.SetTag(SpanAttributes.Outcome, outcome);
            if (attempt.StatusCode is { } status)
                span.SetTag(SpanAttributes.StatusCode, status);
            if (attempt.Outcome != AttemptOutcome.Delivered)
                span.SetTag(SpanAttributes.ErrorType, outcome).SetStatus(ActivityStatusCode.Error);
        }

        span.Dispose();
    }
}
