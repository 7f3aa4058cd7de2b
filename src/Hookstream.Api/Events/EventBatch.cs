using System.Buffers;
using Hookstream.Api.Json;
using Hookstream.Api.Metrics;
using Hookstream.Api.Problems;
using Hookstream.Api.Routing;
using Hookstream.Api.Tracing;
using Microsoft.Extensions.Logging;

namespace Hookstream.Api.Events;

/// <summary><c>POST /api/v1/events/batch</c>: each event is judged alone, and all that are valid are stored together.</summary>
internal sealed class EventBatch(IEventStore events, ApiMetrics metrics, ApiOptions options, ILogger<EventBatch> logger)
{
    public async Task<IResult> HandleAsync(ApiCall call)
    {
        var began = metrics.Now;
        var request = call.Context.Request;
        if (request.ContentLength > options.MaxBatchBytes
            || await BodyReading.ReadToEndAsync(request.BodyReader, options.MaxBatchBytes, call.Cancellation) is not { } buffer)
            return BodyReading.TooLarge(options.MaxBatchBytes);
        var body = buffer.ToArray();
        request.BodyReader.AdvanceTo(buffer.End);
        if (body.Length > 0 && !MediaType.IsJson(request.ContentType))
            return BodyReading.WrongType;

        if (BatchParser.TryParse(body, call.Errors, out var parsed) is { } invalid)
            return invalid;
        // Left unsaid, a client that retries would believe that nothing can be sent twice.
        if (request.Headers.ContainsKey(IdempotencyKey.Header))
            call.Errors.Add(IdempotencyKey.Header, "is for single events; give each event of a batch its own 'idempotency_key'");
        if (call.Errors.Any)
            return call.Errors.ToProblem();
        return await AppendAsync(call, body, parsed, began);
    }

    private async Task<IResult> AppendAsync(ApiCall call, byte[] body, List<ParsedEvent> parsed, long began)
    {
        var trace = PublishTrace.Of(call.Context.Request, call.Tenant);
        var results = new BatchResult[parsed.Count];
        var valid = new List<NewEvent>(parsed.Count);
        var indexes = new List<int>(parsed.Count);
        for (var index = 0; index < results.Length; index++)
        {
            var item = parsed[index];
            if (item.Judge(options.MaxPayloadBytes) is { } refused)
            {
                results[index] = BatchResult.Refused(index, refused);
                continue;
            }

            valid.Add(item.ToNewEvent(call.Tenant, body.AsMemory(item.PayloadStart, item.PayloadLength), trace.Context));
            indexes.Add(index);
        }

        // Like a single event, what has been read is appended whether or not the client still waits for the answer.
        var appended = valid.Count == 0 ? [] : await events.AppendAsync(valid, CancellationToken.None);
        for (var position = 0; position < appended.Length; position++)
            results[indexes[position]] = BatchResult.Of(indexes[position], appended[position]);

        var accepted = results.Count(result => result.Accepted);
        trace.Taken(results.Length, accepted);
        if (accepted == 0)
        {
            var problem = NoneAccepted(results);
            trace.Refused(problem);
            return problem;
        }

        metrics.Ingested(appended.Count(result => result.Outcome == AppendOutcome.Accepted), began);
        logger.EventsTaken(
            call.Context, call.Tenant, results.Length, accepted, appended.Sum(result => result.EnqueuedCount), metrics.Since(began));
        return new BatchAnswer(results);
    }

    private static Problem NoneAccepted(BatchResult[] results)
    {
        var errors = new ValidationErrors();
        foreach (var result in results)
        {
            var name = $"events[{result.Index}]";
            if (result.Problem!.Errors is not { } fields)
                errors.Add(name, result.Problem.Detail);
            else
            {
                foreach (var (field, messages) in fields.Fields)
                {
                    foreach (var message in messages)
                        errors.Add($"{name}.{field}", message);
                }
            }
        }

        // The client is to mend what it sent, unless the store is at fault for some of it: then it is to send that again.
        var code = Array.Exists(results, result => result.FailedHere) ? ProblemCode.Internal : ProblemCode.ValidationFailed;
        return new Problem(code, $"None of the {results.Length} events was accepted: {errors.Summarise()}")
        {
            Errors = errors,
            WriteData = writer => BatchResult.WriteAll(results, writer),
        };
    }
}
