using Hookstream.Api.Json;
using Hookstream.Api.Routing;
using Microsoft.Extensions.Hosting;

namespace Hookstream.Api.Health;

/// <summary><c>/health</c>, for people and for orchestrators: no key, no envelope.</summary>
internal sealed class HealthEndpoints(
    DependencyChecks checks, ApiOptions options, TimeProvider clock, IHostApplicationLifetime lifetime) : IResourceEndpoints
{
    private const string Tag = "Health";
    private const string Ok = "ok";
    private const string Unavailable = "unavailable";
    private const string Stopping = "stopping";

    private static readonly LivenessResponse Alive = new(Ok);

    public void Map(ApiRoutes routes)
    {
        routes.MapRaw(new ApiOperation(HttpMethods.Get, "/health", "getHealth", Tag, Access.Public)
        {
            Summary = "How the deployment is; 503 when the store or the queue is unavailable, and while this process stops",
            Answer = typeof(HealthResponse),
        }, context => CheckAsync(context, needsQueue: true));
        routes.MapRaw(new ApiOperation(HttpMethods.Get, "/health/live", "getLiveness", Tag, Access.Public)
        {
            Summary = "Whether the program answers; looks at no dependency",
            Answer = typeof(LivenessResponse),
        }, context => new JsonAnswer<LivenessResponse>(
            StatusCodes.Status200OK, Alive, ApiJson.Shared.LivenessResponse).ExecuteAsync(context));
        routes.MapRaw(new ApiOperation(HttpMethods.Get, "/health/ready", "getReadiness", Tag, Access.Public)
        {
            Summary = "Whether this process can do its work; 503 when it cannot",
            Answer = typeof(HealthResponse),
        }, context => CheckAsync(context, options.NeedsQueue));
    }

    private async Task CheckAsync(HttpContext context, bool needsQueue)
    {
        var (store, queue) = await checks.CheckAsync(context.RequestAborted);
        var (storeHealth, queueHealth) = (Describe(store), Describe(queue));
        var up = storeHealth.Status == Ok && (queueHealth.Status == Ok || !needsQueue);
        // Asked last: who is told that it is ready may have been answered before it was to stop, never after.
        var status = lifetime.ApplicationStopping.IsCancellationRequested ? Stopping : up ? Ok : Unavailable;
        var uptime = (long)Math.Max(0, (clock.GetUtcNow() - options.StartedAt).TotalSeconds);
        var answer = new HealthResponse(status, options.Version, uptime, storeHealth, queueHealth);
        context.Response.Headers.CacheControl = "no-store";
        await new JsonAnswer<HealthResponse>(
            status == Ok ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable,
            answer,
            ApiJson.Shared.HealthResponse).ExecuteAsync(context);
    }

    private static DependencyHealth Describe(StoreHealth health) =>
        health.Up
            ? new DependencyHealth(Ok, Math.Round(health.Latency.TotalMilliseconds, 3))
            : new DependencyHealth(Unavailable, null);
}
