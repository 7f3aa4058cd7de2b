using Hookstream.Api.Deliveries;
using Hookstream.Api.Json;
using Hookstream.Api.Problems;
using Hookstream.Api.Routing;

namespace Hookstream.Api.Events;

/// <summary><c>/api/v1/events</c>.</summary>
internal sealed class EventEndpoints(
    EventIngest ingest, EventBatch batch, IEventStore events, IDeliveryStore deliveries) : IResourceEndpoints
{
    private const string Root = "/api/v1/events";
    private const string Tag = "Events";

    private static readonly Problem NotFound = Problem.NotFound("event");
    private static readonly Problem NoSubscriber =
        new(ProblemCode.NotFound, "There is no event with this id, or no subscriber with the one in the body.");

    public void Map(ApiRoutes routes)
    {
        routes.MapRaw(new ApiOperation(HttpMethods.Post, Root, "sendEvent", Tag, Access.EventsWrite)
        {
            Summary = "Send an event",
            Description = "202 means that the event and all its deliveries are committed. "
                + "The header `Idempotency-Key` may stand for the field.",
            Body = typeof(EventRequest),
            Status = StatusCodes.Status202Accepted,
            Answer = typeof(Envelope<AcceptedEventResponse>),
            Problems = [ProblemCode.IdempotencyConflict],
        }, ingest.HandleAsync);
        routes.Map(new ApiOperation(HttpMethods.Post, Root + "/batch", "sendEvents", Tag, Access.EventsWrite)
        {
            Summary = "Send up to 1000 events",
            Description = "Each is judged alone; 202 if any is accepted, and then all accepted ones are committed. "
                + "400 if none is, a duplicate counting as accepted and an idempotency conflict as not: its `data.results` tells of "
                + "each event what that of a 202 does, and its `errors` of the fields of the first of them.",
            Body = typeof(BatchRequest),
            Status = StatusCodes.Status202Accepted,
            Answer = typeof(Envelope<BatchResponse>),
        }, batch.HandleAsync);
        routes.Map(new ApiOperation(HttpMethods.Get, Root, "listEvents", Tag, Access.Read)
        {
            Summary = "List events, newest first",
            Query = [new("type", "Events of exactly this type."), .. QueryReader.Created, .. QueryReader.Paging],
            Answer = typeof(ListEnvelope<EventSummary>),
        }, ListAsync);
        routes.Map(new ApiOperation(HttpMethods.Get, Root + "/{id}", "getEvent", Tag, Access.Read)
        {
            Summary = "Get an event with its payload, deliveries and attempts",
            Answer = typeof(Envelope<EventResponse>),
        }, GetAsync);
        routes.Map(new ApiOperation(HttpMethods.Post, Root + "/{id}/replay", "replayEvent", Tag, Access.Manage)
        {
            Summary = "Deliver an event again",
            Body = typeof(EventReplayRequest),
            BodyOptional = true,
            Status = StatusCodes.Status202Accepted,
            Answer = typeof(Envelope<AcceptedEventResponse>),
            Problems = [ProblemCode.DeliveryInFlight],
        }, ReplayAsync);
    }

    private async Task<IResult> ListAsync(ApiCall call)
    {
        var query = new EventQuery(call.Query.EventType("type"), call.Query.Time("since"), call.Query.Time("until"));
        var page = call.Query.Page();
        if (call.Errors.Any)
            return call.Errors.ToProblem();
        var found = await events.ListAsync(call.Tenant, query, page, call.Cancellation);
        return Answer.List(found, page, EventSummary.Of, ApiJson.Shared.ListEnvelopeEventSummary);
    }

    private async Task<IResult> GetAsync(ApiCall call)
    {
        if (!call.TryGetId<EventId>(out var id)
            || await events.FindAsync(call.Tenant, id, call.Cancellation) is not { } found)
            return NotFound;
        var sent = await deliveries.OfEventAsync(call.Tenant, id, call.Cancellation);
        return Answer.Ok(EventResponse.Of(found, sent), ApiJson.Shared.EnvelopeEventResponse);
    }

    private async Task<IResult> ReplayAsync(ApiCall call)
    {
        var (fields, problem) = await call.ReadBodyAsync(EventReplayRequest.FieldNames, optional: true);
        if (fields is null)
            return problem!;
        var subscriber = fields.Id<SubscriberId>("subscriber_id");
        if (call.Errors.Any)
            return call.Errors.ToProblem();
        if (!call.TryGetId<EventId>(out var id))
            return NotFound;

        var result = await events.ReplayAsync(call.Tenant, id, subscriber, call.Cancellation);
        if (Replays.Refusal(result.Outcome, subscriber is null ? NotFound : NoSubscriber) is { } refused)
            return refused;
        return Answer.Accepted(
            new AcceptedEventResponse(id.ToString(), result.EnqueuedCount), ApiJson.Shared.EnvelopeAcceptedEventResponse);
    }
}
