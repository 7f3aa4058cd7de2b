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
        // None of them is there yet: to add one looks at no other, as setting it would.
        return span
            .AddTag(SpanAttributes.Tenant, work.Lease.Tenant.ToString())
            .AddTag(SpanAttributes.Event, work.Event.ToString())
            .AddTag(SpanAttributes.EventType, work.EventType.Value)
            .AddTag(SpanAttributes.Delivery, work.Lease.Delivery.ToString())
            .AddTag(SpanAttributes.Endpoint, work.Lease.Subscriber.ToString())
            .AddTag(SpanAttributes.Attempt, work.AttemptCount + 1)
            .AddTag(SpanAttributes.Trigger, work.Trigger.ToCode())
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
}
