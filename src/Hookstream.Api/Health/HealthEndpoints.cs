using Hookstream.Api.Json;
using Hookstream.Api.Routing;
using Microsoft.Extensions.Logging;

namespace Hookstream.Api.Health;

/// <summary><c>/health</c>, for people and for orchestrators: no key, no envelope.</summary>
internal sealed class HealthEndpoints(
    IStoreMaintenance store, ApiOptions options, TimeProvider clock, ILogger<HealthEndpoints> logger, IQueueHealth? queue = null)
    : IResourceEndpoints
{
    private const string Tag = "Health";
    private const string Ok = "ok";
    private const string Unavailable = "unavailable";

    // Orchestrators give up after a few seconds, and an answer tells them more.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);

    private static readonly LivenessResponse Alive = new(Ok);

    public void Map(ApiRoutes routes)
    {
        routes.MapRaw(new ApiOperation(HttpMethods.Get, "/health", "getHealth", Tag, Access.Public)
        {
            Summary = "How the deployment is; 503 when the store or the queue is unavailable",
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
        var aborted = context.RequestAborted;
        var checkingStore = CheckAsync("store", store.CheckAsync, aborted);
        // Where there is no queue apart from it, the store is the queue.
        var checkingQueue = queue is null ? checkingStore : CheckAsync("queue", queue.CheckAsync, aborted);
        var (storeHealth, queueHealth) = (await checkingStore, await checkingQueue);
        var up = storeHealth.Status == Ok && (queueHealth.Status == Ok || !needsQueue);
        var uptime = (long)Math.Max(0, (clock.GetUtcNow() - options.StartedAt).TotalSeconds);
        var answer = new HealthResponse(up ? Ok : Unavailable, options.Version, uptime, storeHealth, queueHealth);
        context.Response.Headers.CacheControl = "no-store";
        await new JsonAnswer<HealthResponse>(
            up ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable,
            answer,
            ApiJson.Shared.HealthResponse).ExecuteAsync(context);
    }

    private async Task<DependencyHealth> CheckAsync(
        string part, Func<CancellationToken, Task<StoreHealth>> check, CancellationToken aborted)
    {
        using var deadline = new CancellationTokenSource(Deadline, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, aborted);
        try
        {
            // What hangs may not look at its token either.
            var health = await check(either.Token).WaitAsync(either.Token);
            return health.Up
                ? new DependencyHealth(Ok, Math.Round(health.Latency.TotalMilliseconds, 3))
                : new DependencyHealth(Unavailable, null);
        }
        catch (Exception exception) when (!aborted.IsCancellationRequested)
        {
            Log.HealthCheckFailed(logger, part, exception.Message);
            return new DependencyHealth(Unavailable, null);
        }
    }
}
