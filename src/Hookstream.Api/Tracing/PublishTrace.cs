using System.Diagnostics;
using Hookstream.Api.Problems;
using Hookstream.Core.Tracing;

namespace Hookstream.Api.Tracing;

/// <summary>The trace that events are stored with: that of their request's span or, where there is none, the caller's own.</summary>
/// <param name="Context">Null: no trace.</param>
/// <param name="Span">The request's; null where nobody listens.</param>
internal readonly record struct PublishTrace(TraceContext? Context, Activity? Span)
{
    public static PublishTrace Of(HttpRequest request, TenantId tenant)
    {
        if (!Traces.AreOn || Activity.Current is not { } span)
            return new PublishTrace(RequestTrace.ContextOf(request), null);
        if (span.IsAllDataRequested)
            span.AddTag(SpanAttributes.Tenant, tenant.ToString());
        return new PublishTrace(TraceContext.Of(span), span);
    }

    /// <summary>One event was taken, or is a duplicate.</summary>
    public void Taken(EventType type, in AppendResult result)
    {
        if (Span is { IsAllDataRequested: true })
            Span.AddTag(SpanAttributes.Event, result.Id.ToString()).AddTag(SpanAttributes.EventType, type.Value);
    }

    /// <summary>A batch was judged.</summary>
    public void Taken(int events, int accepted)
    {
        if (Span is { IsAllDataRequested: true })
            Span.AddTag(SpanAttributes.BatchSize, events).AddTag(SpanAttributes.Accepted, accepted);
    }

    /// <summary>Nothing was taken.</summary>
    public void Refused(Problem problem)
    {
        if (Span is { IsAllDataRequested: true })
            Span.AddTag(SpanAttributes.ErrorType, problem.Code.Name);
    }
}
