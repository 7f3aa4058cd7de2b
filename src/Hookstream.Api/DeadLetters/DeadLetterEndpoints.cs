using Hookstream.Api.Deliveries;
using Hookstream.Api.Json;
using Hookstream.Api.Routing;

namespace Hookstream.Api.DeadLetters;

/// <summary><c>/api/v1/dead-letter</c>: what was given up on, until a person replays it.</summary>
internal sealed class DeadLetterEndpoints(IDeliveryStore deliveries) : IResourceEndpoints
{
    public void Map(ApiRoutes routes) =>
        routes.Map(new ApiOperation(HttpMethods.Get, "/api/v1/dead-letter", "listDeadLetters", "Dead letters", Access.Read)
        {
            Summary = "List dead-lettered deliveries, newest first",
            Description = "Replay one with `POST /api/v1/deliveries/{id}/replay`, many with `POST /api/v1/deliveries/replay`.",
            Query = [.. DeliveryFilters.Parameters, .. QueryReader.Paging],
            Answer = typeof(ListEnvelope<DeliverySummary>),
        }, ListAsync);

    private async Task<IResult> ListAsync(ApiCall call)
    {
        var query = DeliveryFilters.Read(call.Query) with { Status = DeliveryStatus.DeadLetter };
        var page = call.Query.Page();
        if (call.Errors.Any)
            return call.Errors.ToProblem();
        var found = await deliveries.ListAsync(call.Tenant, query, page, call.Cancellation);
        return Answer.List(found, page, DeliverySummary.Of, ApiJson.Shared.ListEnvelopeDeliverySummary);
    }
}
