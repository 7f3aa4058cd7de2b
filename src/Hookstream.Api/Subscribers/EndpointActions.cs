using System.Text;
using Hookstream.Api.Deliveries;
using Hookstream.Api.Json;
using Hookstream.Api.Problems;
using Hookstream.Api.Routing;

namespace Hookstream.Api.Subscribers;

/// <summary><c>/api/v1/subscribers/{id}/…</c>: pausing, resuming, verifying and testing an endpoint, and closing its circuit.</summary>
internal sealed class EndpointActions(ISubscriberStore subscribers, IEndpointProbe probe, TimeProvider time) : IResourceEndpoints
{
    private const int QuotedCharacters = 200;

    public void Map(ApiRoutes routes)
    {
        const string One = SubscriberEndpoints.Root + "/{id}";
        const string Tag = SubscriberEndpoints.Tag;
        routes.Map(new ApiOperation(HttpMethods.Patch, One + "/pause", "pauseSubscriber", Tag, Access.Manage)
        {
            Summary = "Pause a subscriber",
            Description = "After the answer nothing more is claimed; what is pending is held. No body pauses.",
            Body = typeof(PauseRequest),
            BodyOptional = true,
            Answer = typeof(Envelope<SubscriberResponse>),
        }, call => SetPausedAsync(call, paused: true));
        routes.Map(new ApiOperation(HttpMethods.Patch, One + "/resume", "resumeSubscriber", Tag, Access.Manage)
        {
            Summary = "Resume a subscriber",
            Description = "Delivers what was held, and enables a disabled one again, its circuit closed.",
            Body = typeof(PauseRequest),
            BodyOptional = true,
            Answer = typeof(Envelope<SubscriberResponse>),
        }, call => SetPausedAsync(call, paused: false));
        routes.Map(new ApiOperation(HttpMethods.Post, One + "/reset-circuit", "resetCircuit", Tag, Access.Manage)
        {
            Summary = "Close the circuit",
            Description = "What waits is delivered at once; the results of requests that are under way change the circuit no more.",
            Answer = typeof(Envelope<SubscriberResponse>),
        }, ResetCircuitAsync);
        routes.Map(new ApiOperation(HttpMethods.Post, One + "/verify", "verifySubscriber", Tag, Access.Manage)
        {
            Summary = "Send the challenge now",
            Answer = typeof(Envelope<VerificationResponse>),
        }, VerifyAsync);
        routes.Map(new ApiOperation(HttpMethods.Post, One + "/test", "testSubscriber", Tag, Access.Manage)
        {
            Summary = "Send a hookstream.test event to this endpoint alone",
            Description = "Past every hold, stored nowhere, without retries; answers with the attempt.",
            Answer = typeof(Envelope<AttemptResponse>),
        }, TestAsync);
    }

    private async Task<IResult> SetPausedAsync(ApiCall call, bool paused)
    {
        var (fields, problem) = await call.ReadBodyAsync(PauseRequest.FieldNames, optional: true);
        if (fields is null)
            return problem!;
        var wanted = fields.Boolean("paused") ?? paused;
        if (!paused && wanted)
            call.Errors.Add("paused", "must be false to resume; to pause, call /pause");
        if (call.Errors.Any)
            return call.Errors.ToProblem();

        if (!call.TryGetId<SubscriberId>(out var id)
            || await subscribers.FindAsync(call.Tenant, id, call.Cancellation) is not { } before
            || await subscribers.SetPausedAsync(call.Tenant, id, wanted, call.Cancellation) is not { } changed)
            return SubscriberEndpoints.NotFound;
        // Whoever enables it again says that it works: what waits is not held by the failures that it was disabled for.
        if (!wanted && before.Gate.Status == SubscriberStatus.Disabled && changed.Gate.Circuit.IsOpen)
            changed = await subscribers.ResetCircuitAsync(call.Tenant, id, call.Cancellation) ?? changed;
        return Answer.Ok(SubscriberResponse.Of(changed, time.GetUtcNow()), ApiJson.Shared.EnvelopeSubscriberResponse);
    }

    private async Task<IResult> ResetCircuitAsync(ApiCall call)
    {
        var (_, problem) = await call.ReadBodyAsync([], optional: true);
        if (problem is not null)
            return problem;
        if (call.Errors.Any)
            return call.Errors.ToProblem();
        return call.TryGetId<SubscriberId>(out var id)
            && await subscribers.ResetCircuitAsync(call.Tenant, id, call.Cancellation) is { } reset
            ? Answer.Ok(SubscriberResponse.Of(reset, time.GetUtcNow()), ApiJson.Shared.EnvelopeSubscriberResponse)
            : SubscriberEndpoints.NotFound;
    }

    private async Task<IResult> VerifyAsync(ApiCall call)
    {
        var (endpoint, problem) = await FindAsync(call);
        if (endpoint is null)
            return problem!;
        var result = await probe.ChallengeAsync(endpoint, call.Cancellation);
        return result.Verified
            ? Answer.Ok(new VerificationResponse(true), ApiJson.Shared.EnvelopeVerificationResponse)
            : new Problem(ProblemCode.VerificationFailed, Describe(result));
    }

    private async Task<IResult> TestAsync(ApiCall call)
    {
        var (endpoint, problem) = await FindAsync(call);
        if (endpoint is null)
            return problem!;
        var attempt = await probe.TestAsync(endpoint, call.Cancellation);
        return Answer.Ok(AttemptResponse.Of(attempt), ApiJson.Shared.EnvelopeAttemptResponse);
    }

    private async Task<(EndpointSnapshot? Endpoint, Problem? Problem)> FindAsync(ApiCall call)
    {
        var (_, problem) = await call.ReadBodyAsync([], optional: true);
        if (problem is not null)
            return (null, problem);
        if (call.Errors.Any)
            return (null, call.Errors.ToProblem());
        var found = call.TryGetId<SubscriberId>(out var id)
            ? await subscribers.FindEndpointAsync(call.Tenant, id, call.Cancellation)
            : null;
        return (found, found is null ? SubscriberEndpoints.NotFound : null);
    }

    private static string Describe(ChallengeResult result)
    {
        var text = new StringBuilder("The endpoint did not answer the challenge: ")
            .Append((result.Problem ?? result.Attempt.Error ?? "no reason was given").TrimEnd('.'))
            .Append('.');
        if (result.Attempt.StatusCode is { } status)
        {
            text.Append(" What came back: status ").Append(status);
            var body = result.Attempt.ResponseBody is { } bytes ? Encoding.UTF8.GetString(bytes.Span) : "";
            if (body.Length == 0)
                text.Append(", no body.");
            else
                text.Append(", body '").Append(body.AsSpan(0, Math.Min(body.Length, QuotedCharacters))).Append("'.");
        }

        return text.ToString();
    }
}
