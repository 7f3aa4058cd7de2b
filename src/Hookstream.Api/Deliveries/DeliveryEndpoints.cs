using Hookstream.Api.Json;
using Hookstream.Api.Problems;
using Hookstream.Api.Routing;

namespace Hookstream.Api.Deliveries;

/// <summary><c>/api/v1/deliveries</c>.</summary>
internal sealed class DeliveryEndpoints(IDeliveryStore deliveries) : IResourceEndpoints
{
    private const string Root = "/api/v1/deliveries";
    private const string Tag = "Deliveries";

    private static readonly Problem NotFound = Problem.NotFound("delivery");

    public void Map(ApiRoutes routes)
    {
        routes.Map(new ApiOperation(HttpMethods.Get, Root, "listDeliveries", Tag, Access.Read)
        {
            Summary = "List deliveries, newest first",
            Query = [DeliveryFilters.Status, .. DeliveryFilters.Parameters, .. QueryReader.Paging],
            Answer = typeof(ListEnvelope<DeliverySummary>),
        }, ListAsync);
        routes.Map(new ApiOperation(HttpMethods.Get, Root + "/{id}", "getDelivery", Tag, Access.Read)
        {
            Summary = "Get a delivery with its attempts",
            Answer = typeof(Envelope<DeliveryResponse>),
        }, GetAsync);
        routes.Map(new ApiOperation(HttpMethods.Post, Root + "/{id}/replay", "replayDelivery", Tag, Access.Manage)
        {
            Summary = "Replay a delivery",
            Description = "Due now, with a fresh schedule; same id and `webhook-id`, attempt numbers go on. It passes no hold.",
            Status = StatusCodes.Status202Accepted,
            Answer = typeof(Envelope<DeliverySummary>),
            Problems = [ProblemCode.DeliveryInFlight],
        }, call => ChangeAsync(call, deliveries.ReplayAsync));
        routes.Map(new ApiOperation(HttpMethods.Post, Root + "/{id}/cancel", "cancelDelivery", Tag, Access.Manage)
        {
            Summary = "Cancel a delivery that is not yet delivered",
            Status = StatusCodes.Status202Accepted,
            Answer = typeof(Envelope<DeliverySummary>),
            Problems = [ProblemCode.DeliveryInFlight],
        }, call => ChangeAsync(call, deliveries.CancelAsync));
        routes.Map(new ApiOperation(HttpMethods.Post, Root + "/replay", "replayDeliveries", Tag, Access.Manage)
        {
            Summary = "Replay all deliveries that match",
            Description = "The set is fixed when this answers; it runs in chunks, behind fresh events.",
            Body = typeof(BulkReplayRequest),
            Status = StatusCodes.Status202Accepted,
            Answer = typeof(Envelope<BulkReplayResponse>),
        }, ReplayAllAsync);
    }

    private async Task<IResult> ListAsync(ApiCall call)
    {
        var query = DeliveryFilters.Read(call.Query);
        var page = call.Query.Page();
        if (call.Errors.Any)
            return call.Errors.ToProblem();
        var found = await deliveries.ListAsync(call.Tenant, query, page, call.Cancellation);
        return Answer.List(found, page, DeliverySummary.Of, ApiJson.Shared.ListEnvelopeDeliverySummary);
    }

    private async Task<IResult> GetAsync(ApiCall call)
    {
        if (!call.TryGetId<DeliveryId>(out var id)
            || await deliveries.FindAsync(call.Tenant, id, call.Cancellation) is not { } found)
            return NotFound;
        return Answer.Ok(DeliveryResponse.Of(found), ApiJson.Shared.EnvelopeDeliveryResponse);
    }

    private static async Task<IResult> ChangeAsync(
        ApiCall call, Func<TenantId, DeliveryId, CancellationToken, Task<DeliveryOutcome>> change)
    {
        var (_, problem) = await call.ReadBodyAsync([], optional: true);
        if (problem is not null)
            return problem;
        if (call.Errors.Any)
            return call.Errors.ToProblem();
        if (!call.TryGetId<DeliveryId>(out var id))
            return NotFound;

        var outcome = await change(call.Tenant, id, call.Cancellation);
        if (Replays.Refusal(outcome.Outcome, NotFound) is { } refused)
            return refused;
        return Answer.Accepted(DeliverySummary.Of(outcome.Delivery!), ApiJson.Shared.EnvelopeDeliverySummary);
    }

    private async Task<IResult> ReplayAllAsync(ApiCall call)
    {
        var (fields, problem) = await call.ReadBodyAsync(BulkReplayRequest.FieldNames);
        if (fields is null)
            return problem!;
        var query = DeliveryFilters.Read(fields);
        var dryRun = fields.Boolean("dry_run") ?? false;
        if (fields.Value("subscriber_id") is null && fields.Value("event_id") is null && fields.Value("since") is null)
            call.Errors.Add("subscriber_id", "is required, unless 'event_id' or 'since' is given");
        if (call.Errors.Any)
            return call.Errors.ToProblem();

        query = query with { Status = query.Status ?? DeliveryStatus.DeadLetter };
        var count = await deliveries.ReplayAllAsync(call.Tenant, query, dryRun, call.Cancellation);
        return Answer.Accepted(new BulkReplayResponse(count, dryRun), ApiJson.Shared.EnvelopeBulkReplayResponse);
    }
}
