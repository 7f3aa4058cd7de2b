using Hookstream.Api.Json;
using Hookstream.Api.Problems;
using Hookstream.Api.Routing;
using Hookstream.Api.Subscribers;
using Hookstream.Core.Statistics;

namespace Hookstream.Api.Statistics;

/// <summary>How deliveries have gone of late: of a tenant, and of one of its subscribers.</summary>
internal sealed class StatisticsEndpoints(IStatisticsStore statistics) : IResourceEndpoints
{
    private const string Description =
        "Attempts are counted when they are recorded and show up within some seconds, however long the history. A window "
        + "begins with a whole minute (`1h`) or hour (`24h`, `7d`). Percentiles are within 4.5 % of the exact ones.";

    private static readonly Problem NoTenant = Problem.NotFound("tenant");

    public void Map(ApiRoutes routes)
    {
        routes.Map(new ApiOperation(HttpMethods.Get, "/api/v1/stats", "getStatistics", "Statistics", Access.Read)
        {
            Summary = "How the tenant's deliveries have gone of late",
            Description = Description,
            Answer = typeof(Envelope<StatisticsResponse>),
            Problems = [ProblemCode.NotFound],
        }, call => ReadAsync(call, null, NoTenant));
        routes.Map(new ApiOperation(
            HttpMethods.Get, SubscriberEndpoints.Root + "/{id}/stats", "getSubscriberStatistics", "Statistics", Access.Read)
        {
            Summary = "How a subscriber's deliveries have gone of late",
            Description = Description,
            Answer = typeof(Envelope<StatisticsResponse>),
        }, call => call.TryGetId<SubscriberId>(out var id)
            ? ReadAsync(call, id, SubscriberEndpoints.NotFound)
            : Task.FromResult<IResult>(SubscriberEndpoints.NotFound));
    }

    private async Task<IResult> ReadAsync(ApiCall call, SubscriberId? subscriber, Problem notFound) =>
        await statistics.ReadAsync(call.Tenant, subscriber, call.Cancellation) is { } report
            ? Answer.Ok(StatisticsResponse.Of(report), ApiJson.Shared.EnvelopeStatisticsResponse)
            : notFound;
}
