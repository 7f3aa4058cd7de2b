using System.Diagnostics;
using Hookstream.Api.Metrics;
using Hookstream.Core.Tracing;

namespace Hookstream.Api.Tracing;

/// <summary>
/// The span of a request to the API. Its attributes are the route, never the path, the query or a header: what clients put there is
/// theirs.
/// </summary>
internal static class RequestTrace
{
    private static readonly PathString Traced = new("/api");

    /// <summary>The trace that the caller is in; null: it sent no context, or none that is valid.</summary>
    public static TraceContext? ContextOf(HttpRequest request)
    {
        var parent = request.Headers.TraceParent;
        // Section 3.2.2.5 of Trace Context: more than one is none.
        return parent.Count == 1 ? TraceContext.Read(parent[0], request.Headers.TraceState) : null;
    }

    /// <summary>The id of the trace that a request is in, for the log; null: it is in none.</summary>
    public static string? IdOf(HttpContext context) =>
        Traces.AreOn && Activity.Current is { } span ? span.TraceId.ToHexString() : ContextOf(context.Request)?.TraceId;

    /// <summary>Null where nobody listens. Health and metrics, which are asked for all the time, have none.</summary>
    public static Activity? Start(HttpContext context)
    {
        if (!Traces.AreOn || !context.Request.Path.StartsWithSegments(Traced))
            return null;
        var parent = ContextOf(context.Request)?.ToParent() ?? default;
        return Traces.Source.StartActivity("HTTP", ActivityKind.Server, parent);
    }

    /// <summary>Ends it with what was answered.</summary>
    public static void End(Activity? span, HttpContext context)
    {
        if (span is null)
            return;
        if (span.IsAllDataRequested)
        {
            var method = ApiMetrics.MethodOf(context.Request.Method);
            var status = context.Response.StatusCode;
            span.DisplayName = method;
            if (ApiMetrics.RouteOf(context) is { } route)
            {
                span.DisplayName = $"{method} {route}";
                span.AddTag(SpanAttributes.Route, route);
            }

            span.AddTag(SpanAttributes.Method, method)
                .AddTag(SpanAttributes.StatusCode, status)
                .AddTag(SpanAttributes.RequestId, context.TraceIdentifier);
            if (status >= StatusCodes.Status500InternalServerError)
                span.SetStatus(ActivityStatusCode.Error);
        }

        span.Dispose();
    }
}
