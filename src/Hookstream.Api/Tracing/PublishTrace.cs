using System.Diagnostics;
using Hookstream.Api.Problems;
using Hookstream.Core.Tracing;

namespace Hookstream.Api.Tracing;

/// <summary>The trace that events are stored with: that of the span in which they are, or, where there is none, the caller's own.</summary>
/// <param name="Context">Null: no trace.</param>
/// <param name="Span">Null where nobody listens, or this trace is not sampled.</param>
internal readonly record struct PublishTrace(TraceContext? Context, Activity? Span) : IDisposable
{
    private const string Name = "publish events";

    public static PublishTrace Start(HttpRequest request, TenantId tenant)
    {
        if (!Traces.AreOn)
            return new PublishTrace(RequestTrace.ContextOf(request), null);
        var span = Traces.Source.StartActivity(Name, ActivityKind.Producer);
        if (span is { IsAllDataRequested: true })
            span.AddTag(SpanAttributes.Tenant, tenant.ToString());
        // Where it is not sampled, the request's own span says so to the attempts.
        return new PublishTrace(
            (span ?? Activity.Current) is { } current ? TraceContext.Of(current) : RequestTrace.ContextOf(request), span);
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
            Span.AddTag(SpanAttributes.ErrorType, problem.Code.Name).SetStatus(ActivityStatusCode.Error);
    }

    public void Dispose() => Span?.Dispose();
}
