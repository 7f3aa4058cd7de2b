using Hookstream.Api.Json;
using Hookstream.Api.Problems;
using Hookstream.Api.Routing;
using Hookstream.Core.Recoveries;

namespace Hookstream.Api.Subscribers;

/// <summary><c>/api/v1/subscribers/{id}/recover</c>: what an endpoint failed to get and what it never got, after all.</summary>
internal sealed class RecoveryEndpoints(IDeliveryStore deliveries, ApiOptions options, TimeProvider clock) : IResourceEndpoints
{
    // Retention goes on while a recovery runs.
    private static readonly TimeSpan RetentionMargin = TimeSpan.FromHours(1);

    private static readonly Problem Disabled = new(
        ProblemCode.Conflict, "It is disabled, so that nothing would be sent; resume it first, then recover it.");

    public void Map(ApiRoutes routes)
    {
        const string Path = SubscriberEndpoints.Root + "/{id}/recover";
        routes.Map(new ApiOperation(HttpMethods.Post, Path, "recoverSubscriber", SubscriberEndpoints.Tag, Access.Manage)
        {
            Summary = "Send a subscriber what it failed to get and what it never got",
            Description = "Of the events created from `since` on and before `until`: replays those that were dead-lettered, or cancelled "
                + "because the subscriber was disabled, and sends those that match its filters and were never meant for it, as from before "
                + "it was made. The set is fixed when this answers; it runs in chunks, behind fresh events. What waits or is delivered is "
                + "left alone.",
            Body = typeof(RecoveryRequest),
            Status = StatusCodes.Status202Accepted,
            Answer = typeof(Envelope<RecoveryResponse>),
            Problems = [ProblemCode.Conflict],
        }, RecoverAsync);
    }

    private async Task<IResult> RecoverAsync(ApiCall call)
    {
        var (fields, problem) = await call.ReadBodyAsync(RecoveryRequest.FieldNames);
        if (fields is null)
            return problem!;
        fields.Require("since");
        var now = clock.GetUtcNow();
        var since = fields.Time("since");
        var until = fields.Time("until");
        if (since > now)
            call.Errors.Add("since", "must not be in the future");
        if (until <= since)
            call.Errors.Add("until", "must be after 'since'; left out, it is now");
        if (call.Errors.Any)
            return call.Errors.ToProblem();

        if (!call.TryGetId<SubscriberId>(out var id))
            return SubscriberEndpoints.NotFound;
        var window = new RecoveryWindow(since!.Value, until, now - options.Retention + RetentionMargin);
        var result = await deliveries.RecoverAsync(call.Tenant, id, window, call.Cancellation);
        return result.Outcome switch
        {
            RecoveryOutcome.Accepted => Answer.Accepted(new RecoveryResponse(result.Count), ApiJson.Shared.EnvelopeRecoveryResponse),
            RecoveryOutcome.Disabled => Disabled,
            _ => SubscriberEndpoints.NotFound,
        };
    }
}
