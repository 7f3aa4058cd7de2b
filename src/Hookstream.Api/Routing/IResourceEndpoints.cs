namespace Hookstream.Api.Routing;

/// <summary>The calls of one resource.</summary>
internal interface IResourceEndpoints
{
    void Map(ApiRoutes routes);
}
