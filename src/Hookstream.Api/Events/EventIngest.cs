using System.Buffers;
using Hookstream.Api.Authentication;
using Hookstream.Api.Json;
using Hookstream.Api.Metrics;
using Hookstream.Api.Problems;
using Hookstream.Api.Routing;
using Hookstream.Api.Tracing;
using Hookstream.Core.Tracing;
using Microsoft.Extensions.Logging;
using EventId = Hookstream.Core.Events.EventId;

namespace Hookstream.Api.Events;

/// <summary>
/// <c>POST /api/v1/events</c>, the hot path: one pass over the body where it lies, one copy of the payload, and nothing
/// made that the store does not keep.
/// </summary>
internal sealed class EventIngest(
    Authenticator authenticator, IEventStore events, ApiMetrics metrics, ApiOptions options, ILogger<EventIngest> logger)
{
    // Room for the other fields at their longest, white space included.
    private const int EnvelopeBytes = 16_384;

    private static readonly Problem Failed = new(
        ProblemCode.Internal, "The store could not take this event, though it took others. The cause is in the log.");

    private readonly long _maxBodyBytes = (long)options.MaxPayloadBytes + EnvelopeBytes;

    public static Problem IdempotencyConflict(EventId first) => new(
        ProblemCode.IdempotencyConflict,
        $"This idempotency key was used within the last 24 hours for another event, {first}.");

    public async Task HandleAsync(HttpContext context)
    {
        // The caller's going away does not cancel what follows: reading ends by itself then, and a commit is not taken back.
        var began = metrics.Now;
        var verdict = await authenticator.AuthenticateAsync(context, Access.EventsWrite, CancellationToken.None);
        var problem = verdict.Problem ?? await AcceptAsync(context, verdict.Caller.Tenant, began);
        if (problem is not null)
            await problem.ExecuteAsync(context);
    }

    private async ValueTask<Problem?> AcceptAsync(HttpContext context, TenantId tenant, long began)
    {
        var request = context.Request;
        if (request.ContentLength > _maxBodyBytes)
            return BodyReading.TooLarge(_maxBodyBytes);

        var pipe = request.BodyReader;
        if (await BodyReading.ReadToEndAsync(pipe, _maxBodyBytes, CancellationToken.None) is not { } body)
            return BodyReading.TooLarge(_maxBodyBytes);
        var trace = PublishTrace.Of(request, tenant);
        var problem = TryRead(request, tenant, trace.Context, body, out var read);
        pipe.AdvanceTo(body.End);
        if (problem is not null)
        {
            trace.Refused(problem);
            return problem;
        }

        var result = await events.AppendAsync(read!, CancellationToken.None);
        switch (result.Outcome)
        {
            case AppendOutcome.Accepted or AppendOutcome.Duplicate:
                trace.Taken(read!.Type, result);
                await AcceptedEventWriter.WriteAsync(context.Response, result, CancellationToken.None);
                metrics.Ingested(result.Outcome == AppendOutcome.Accepted ? 1 : 0, began);
                logger.EventsTaken(context, tenant, 1, 1, result.EnqueuedCount, metrics.Since(began));
                return null;
            case AppendOutcome.Conflict:
                problem = IdempotencyConflict(result.Id);
                break;
            default:
                problem = Failed;
                break;
        }

        trace.Refused(problem);
        return problem;
    }

    private Problem? TryRead(
        HttpRequest request, TenantId tenant, TraceContext? trace, in ReadOnlySequence<byte> body, out NewEvent? read)
    {
        read = null;
        if (!body.IsEmpty && !MediaType.IsJson(request.ContentType))
            return BodyReading.WrongType;

        // Fragments are put together once, and the payload then stays where it is.
        var whole = body.IsSingleSegment ? null : body.ToArray();
        var span = whole ?? body.FirstSpan;
        if (EventParser.TryParse(span, out var parsed) is { } invalid)
            return invalid;
        IdempotencyHeader.Apply(request.Headers, ref parsed);
        if (request.QueryString.HasValue)
            QueryReader.Of(request, [], parsed.Errors ??= new ValidationErrors());
        if (parsed.Judge(options.MaxPayloadBytes) is { } refused)
            return refused;

        var payload = whole is null
            ? span.Slice(parsed.PayloadStart, parsed.PayloadLength).ToArray()
            : whole.AsMemory(parsed.PayloadStart, parsed.PayloadLength);
        read = parsed.ToNewEvent(tenant, payload, trace);
        return null;
    }
}
