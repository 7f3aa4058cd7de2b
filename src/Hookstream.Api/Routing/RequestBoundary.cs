using Hookstream.Api.Metrics;
using Hookstream.Api.Problems;
using Hookstream.Api.Tracing;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Hookstream.Api.Routing;

/// <summary>
/// Around every request: its id, problem details for what no handler answers (404, 405), and for what a handler throws.
/// </summary>
/// <remarks>
/// What never becomes a request does not come here: a request line, target (<c>%00</c>), host or header that is not HTTP, or
/// is too long. Kestrel answers it itself, with a bare 400, 414, 431 or 505 that no callback can add to, and closes the
/// connection.
/// </remarks>
internal sealed class RequestBoundary(
    RequestDelegate next, ApiMetrics metrics, ILogger<RequestBoundary> logger, IHostApplicationLifetime lifetime)
{
    private static readonly Problem NoRoute = new(
        ProblemCode.NotFound, "There is nothing at this path; /docs lists what there is.");

    private static readonly Problem Unavailable = new(
        ProblemCode.Unavailable, "The store cannot take this right now; nothing was lost that was accepted. Try again.")
    {
        RetryAfter = StoreUnavailableException.RetryAfter,
    };

    public async Task InvokeAsync(HttpContext context)
    {
        var span = RequestTrace.Start(context);
        await AnswerAsync(context);
        metrics.Answered(context);
        RequestTrace.End(span, context);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        RequestIds.Assign(context);
        // Clients that keep their connections are to open the next one to another process, not to send into one that is about to close.
        if (lifetime.ApplicationStopping.IsCancellationRequested)
            context.Response.Headers.Connection = "close";
        try
        {
            await next(context);
        }
        catch (Exception exception)
        {
            await RecoverAsync(context, exception);
            return;
        }

        var status = context.Response.StatusCode;
        if (status is StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed
            && context.Response is { HasStarted: false, ContentType: null })
            await AnswerBareAsync(context, status);
    }

    private static Task AnswerBareAsync(HttpContext context, int status)
    {
        if (status == StatusCodes.Status404NotFound)
            return NoRoute.ExecuteAsync(context);
        var problem = new Problem(
            ProblemCode.MethodNotAllowed, $"This path does not take {context.Request.Method}; it takes {context.Response.Headers.Allow}.");
        return problem.ExecuteAsync(context);
    }

    private Task RecoverAsync(HttpContext context, Exception exception)
    {
        // A broken connection is met by whoever reads the body, at times before the abort is signalled.
        if (context.RequestAborted.IsCancellationRequested
            || exception is ConnectionResetException or ConnectionAbortedException)
        {
            // The client has gone: there is nobody to answer, and nothing went wrong here. Without the abort the server would
            // try to read the rest of the body, and log that it cannot.
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            context.Abort();
            return Task.CompletedTask;
        }

        var problem = exception switch
        {
            // A cancellation that is not the client's is the shutdown's.
            StoreUnavailableException or OperationCanceledException => Unavailable,
            BadHttpRequestException breach => BreachOfHttp(breach),
            _ => new Problem(
                ProblemCode.Internal, $"The cause is in the log, under the request id {context.TraceIdentifier}."),
        };
        if (problem.Code == ProblemCode.Internal)
            Log.Failed(logger, exception, context.TraceIdentifier, context.Request.Method, context.Request.Path, RequestTrace.IdOf(context));
        else if (logger.IsEnabled(LogLevel.Debug))
            Log.Refused(logger, context.TraceIdentifier, problem.Code.Name, exception.Message, RequestTrace.IdOf(context));

        if (context.Response.HasStarted)
        {
            // Half an answer was sent: only breaking off tells the client that it is not whole.
            context.Abort();
            return Task.CompletedTask;
        }

        context.Response.Clear();
        RequestIds.Assign(context);
        // Where a body breaks the rules of HTTP nobody knows where the next request begins.
        if (exception is BadHttpRequestException)
            context.Response.Headers.Connection = "close";
        return problem.ExecuteAsync(context);
    }

    // Found while the body is read: chunks that are none, an end that comes too early, bytes that come too slowly.
    private static Problem BreachOfHttp(BadHttpRequestException breach) =>
        new(ProblemCode.ValidationFailed, $"The request's body breaks HTTP: {breach.Message}") { Status = breach.StatusCode };
}
