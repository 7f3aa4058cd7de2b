using System.Diagnostics.Metrics;
using Hookstream.Api;
using Hookstream.Core.Diagnoses;
using Hookstream.Core.Tenants;
using Hookstream.Delivery;
using Hookstream.Diagnosis;
using Hookstream.Server.Configuration;
using Hookstream.Server.Metrics;

namespace Hookstream.Server.Hosting;

/// <summary>The running service: the store, and the web application with the API and the workers, as the role says.</summary>
internal sealed class HookstreamService : IAsyncDisposable
{
    private readonly Deployment _deployment;
    private readonly WebApplication _app;
    private readonly ServiceProvider _meters;

    private HookstreamService(Deployment deployment, WebApplication app, ServiceProvider meters, GeneratedSecrets secrets)
    {
        _meters = meters;
        _deployment = deployment;
        _app = app;
        Secrets = secrets;
    }

    public GeneratedSecrets Secrets { get; }

    public static async Task<HookstreamService> StartAsync(
        Settings settings, ILoggerFactory loggers, CancellationToken cancellation)
    {
        var startedAt = TimeProvider.System.GetUtcNow();
        var secrets = GeneratedSecrets.Load(settings);
        var logger = loggers.CreateLogger<HookstreamService>();
        // Before the store is there: it counts what it does, and what waits for it can be asked how it is.
        var factory = MetricsExport.CreateFactory(out var meters);
        ProcessMetrics.Add(meters, settings);
        var deployment = await WaitingRoom.OpenAsync(
            settings, startedAt, meters, stopping => OpenAsync(settings, secrets, loggers, meters, stopping), logger, cancellation);
        WebApplication? app = null;
        try
        {
            var builder = WebHost.CreateBuilder(settings, meters);
            AddServices(builder.Services, settings, deployment, WebHost.ApiOptionsOf(settings, secrets.AdminToken, startedAt));
            app = builder.Build();
            if (settings.Role == Role.Worker)
                app.MapHookstreamHealth();
            else
                app.MapHookstreamApi();
            app.MapMetrics(settings);
            await WebHost.StartAsync(app, settings, cancellation);
            Log.Started(logger, WebHost.Version, settings.Role.ToWord(), deployment.Name, settings.Port);
            if (settings.Destinations.Addresses.Opened is { Count: > 0 } opened)
                Log.NetworksOpened(logger, string.Join(", ", opened));
            return new HookstreamService(deployment, app, factory, secrets);
        }
        catch
        {
            if (app is not null)
            {
                // What has started uses the store, and would find it closed. What kept it from starting is what is told.
                await app.StopAsync(CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await app.DisposeAsync();
            }

            await deployment.DisposeAsync();
            await factory.DisposeAsync();
            throw;
        }
    }

    public Task WaitForShutdownAsync() => _app.WaitForShutdownAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _deployment.DisposeAsync();
        await _meters.DisposeAsync();
    }

    private static async Task<Deployment> OpenAsync(
        Settings settings, GeneratedSecrets secrets, ILoggerFactory loggers, IMeterFactory meters, CancellationToken cancellation)
    {
        var deployment = await Deployment.OpenAsync(settings, secrets.Keyring, loggers, meters, cancellation);
        try
        {
            // A worker is given no token, and must not revoke the one that the API was given.
            if (settings.Role != Role.Worker)
            {
                KeyHash? token = secrets.ApiToken is null ? null : KeyHash.Of(secrets.ApiToken);
                await deployment.Tenants.EnsureDefaultAsync(token, cancellation);
            }

            return deployment;
        }
        catch
        {
            await deployment.DisposeAsync();
            throw;
        }
    }

    private static void AddServices(
        IServiceCollection services, Settings settings, Deployment deployment, ApiOptions api)
    {
        services.AddSingleton(deployment.Tenants);
        services.AddSingleton(deployment.Subscribers);
        services.AddSingleton(deployment.Events);
        services.AddSingleton(deployment.Deliveries);
        services.AddSingleton(deployment.Queue);
        services.AddSingleton(deployment.Maintenance);
        services.AddSingleton(deployment.Encryption);
        services.AddSingleton(deployment.Statistics);
        if (deployment.QueueHealth is { } queue)
            services.AddSingleton(queue);

        if (settings.Diagnosis is { } model)
        {
            services.AddSingleton(model);
            services.AddSingleton<IDiagnosisModel, AnthropicModel>();
        }

        var delivery = new DeliveryOptions
        {
            Concurrency = settings.WorkerConcurrency,
            EndpointConcurrency = settings.EndpointConcurrency,
            Timeout = settings.DeliveryTimeout,
            RetrySchedule = settings.RetrySchedule,
            MaxAge = settings.MaxDeliveryAge,
            DisableAfter = settings.DisableAfter,
            RetentionDays = settings.RetentionDays,
            ShutdownDeadline = settings.ShutdownDeadline,
            Destinations = settings.Destinations,
            EgressProxy = settings.EgressProxy,
            StoreClock = deployment.Clock,
            Version = WebHost.Version,
        };
        if (settings.Role == Role.Api)
            services.AddHookstreamEndpointProbe(delivery);
        else
            services.AddHookstreamDelivery(delivery);

        if (settings.Role == Role.Worker)
            services.AddHookstreamHealth(api);
        else
            services.AddHookstreamApi(api);
        services.AddHostedService(provider => new ShutdownDelay(
            settings.ShutdownDelay,
            settings.ShutdownDeadline,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ShutdownDelay>>()));
    }
}
