using Hookstream.Api.Json;
using Hookstream.Api.Problems;
using Hookstream.Api.Routing;

namespace Hookstream.Api.Keys;

/// <summary><c>/api/v1/keys</c>: a tenant's own keys.</summary>
internal sealed class KeyEndpoints(KeyCalls keys) : IResourceEndpoints
{
    private const string Root = "/api/v1/keys";
    private const string Tag = "Keys";

    public void Map(ApiRoutes routes)
    {
        routes.Map(new ApiOperation(HttpMethods.Post, Root, "createKey", Tag, Access.Manage)
        {
            Summary = "Create a key",
            Description = "The answer shows the key; nothing shows it again.",
            Body = typeof(KeyRequest),
            Status = StatusCodes.Status201Created,
            Answer = typeof(Envelope<KeyResponse>),
        }, call => keys.CreateAsync(call, call.Tenant, Root));
        routes.Map(new ApiOperation(HttpMethods.Get, Root, "listKeys", Tag, Access.Read)
        {
            Summary = "List keys, newest first",
            Query = QueryReader.Paging,
            Answer = typeof(ListEnvelope<KeyResponse>),
        }, call => keys.ListAsync(call, call.Tenant));
        routes.Map(new ApiOperation(HttpMethods.Delete, Root + "/{id}", "revokeKey", Tag, Access.Manage)
        {
            Summary = "Revoke a key",
            Description = KeyCalls.OnRevoking,
            Status = StatusCodes.Status204NoContent,
            Problems = [ProblemCode.Conflict],
        }, call => keys.RevokeAsync(call, call.Tenant, "id"));
    }
}
