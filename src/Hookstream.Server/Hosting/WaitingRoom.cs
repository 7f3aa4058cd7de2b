using System.Diagnostics.Metrics;
using Hookstream.Api;
using Hookstream.Core.Stores;
using Hookstream.Server.Configuration;
using Hookstream.Server.Metrics;

namespace Hookstream.Server.Hosting;

/// <summary>
/// What answers while the store is not there yet: that the process lives, and 503 to everything else. Without it an
/// orchestrator would take a process that waits for one that is broken, and start it again and again.
/// </summary>
internal static class WaitingRoom
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Opens the deployment, and waits for as long as its store is away.</summary>
    /// <exception cref="OperationCanceledException">The process was told to stop while it waited.</exception>
    public static async Task<Deployment> OpenAsync(
        Settings settings,
        DateTimeOffset startedAt,
        IMeterFactory meters,
        Func<CancellationToken, Task<Deployment>> open,
        ILogger logger,
        CancellationToken cancellation)
    {
        try
        {
            return await open(cancellation);
        }
        catch (StoreUnavailableException away) when (settings.Database is not null)
        {
            Log.WaitingForStore(logger, away.Message);
        }

        var since = TimeProvider.System.GetTimestamp();
        await using var app = Build(settings, startedAt, meters);
        await WebHost.StartAsync(app, settings, cancellation);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(app.Lifetime.ApplicationStopping, cancellation);
        while (true)
        {
            await Task.Delay(Interval, TimeProvider.System, stopping.Token);
            try
            {
                var opened = await open(stopping.Token);
                Log.StoreIsThere(logger, (long)TimeProvider.System.GetElapsedTime(since).TotalSeconds);
                return opened;
            }
            catch (StoreUnavailableException)
            {
                // Said once.
            }
        }
    }

    private static WebApplication Build(Settings settings, DateTimeOffset startedAt, IMeterFactory meters)
    {
        var builder = WebHost.CreateBuilder(settings, meters);
        builder.Services.AddSingleton<IStoreMaintenance, StoreAway>();
        builder.Services.AddHookstreamHealth(WebHost.ApiOptionsOf(settings, adminToken: null, startedAt));
        var app = builder.Build();
        app.MapHookstreamHealth();
        app.MapMetrics(settings);
        app.MapFallback(Refuse);
        return app;
    }

    private static Task Refuse(HttpContext context) => throw new StoreUnavailableException("the store is not there yet");
}
