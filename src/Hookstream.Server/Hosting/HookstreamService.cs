using System.Net;
using System.Net.Sockets;
using System.Reflection;
using Hookstream.Api;
using Hookstream.Core.Tenants;
using Hookstream.Delivery;
using Hookstream.Server.Configuration;
using Hookstream.Storage.Sqlite;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Hookstream.Server.Hosting;

/// <summary>The running service: the store, and the web application with the API and the workers.</summary>
internal sealed class HookstreamService : IAsyncDisposable
{
    private readonly SqliteStore _store;
    private readonly WebApplication _app;

    private HookstreamService(SqliteStore store, WebApplication app, GeneratedSecrets secrets)
    {
        _store = store;
        _app = app;
        Secrets = secrets;
    }

    public static string Version { get; } =
        typeof(HookstreamService).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion.Split('+')[0];

    public GeneratedSecrets Secrets { get; }

    public static async Task<HookstreamService> StartAsync(Settings settings, CancellationToken cancellation)
    {
        var secrets = GeneratedSecrets.Load(settings);
        var builder = CreateBuilder(settings);
        using var loggers = LoggerFactory.Create(logging => JsonLogs.Configure(logging, settings.LogLevel));
        var store = await SqliteStore.OpenAsync(
            new SqliteStoreOptions
            {
                Directory = settings.DataDirectory,
                Verification = settings.Verification,
                RetrySchedule = settings.RetrySchedule,
            },
            secrets.Keyring,
            TimeProvider.System,
            loggers,
            cancellation);
        try
        {
            await store.Tenants.EnsureDefaultAsync(KeyHash.Of(secrets.ApiToken), cancellation);
            AddServices(builder.Services, settings, secrets, store);
            var app = builder.Build();
            app.MapHookstreamApi();
            await StartAsync(app, settings, cancellation);
            return new HookstreamService(store, app, secrets);
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    public Task WaitForShutdownAsync() => _app.WaitForShutdownAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _store.DisposeAsync();
    }

    private static WebApplicationBuilder CreateBuilder(Settings settings)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        JsonLogs.Configure(builder.Logging, settings.LogLevel);
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(options =>
            options.ShutdownTimeout = settings.ShutdownDeadline + TimeSpan.FromSeconds(15));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, settings));
        // Requests run where their bytes were read: ingest never blocks there, and a hop to another thread costs as much as
        // parsing an event.
        builder.WebHost.UseSockets(sockets => sockets.UnsafePreferInlineScheduling = true);
        return builder;
    }

    private static void Configure(KestrelServerOptions kestrel, Settings settings)
    {
        kestrel.AddServerHeader = false;
        // The API bounds each body itself, by what it is for.
        kestrel.Limits.MaxRequestBodySize = null;
        if (settings.Host is null or "localhost")
            kestrel.ListenLocalhost(settings.Port);
        else
            kestrel.Listen(IPAddress.Parse(settings.Host), settings.Port);
    }

    private static void AddServices(
        IServiceCollection services, Settings settings, GeneratedSecrets secrets, SqliteStore store)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(store.Tenants);
        services.AddSingleton(store.Subscribers);
        services.AddSingleton(store.Events);
        services.AddSingleton(store.Deliveries);
        services.AddSingleton(store.Queue);
        services.AddSingleton(store.Maintenance);
        services.AddHookstreamDelivery(new DeliveryOptions
        {
            Concurrency = settings.WorkerConcurrency,
            EndpointConcurrency = settings.EndpointConcurrency,
            Timeout = settings.DeliveryTimeout,
            RetrySchedule = settings.RetrySchedule,
            MaxAge = settings.MaxDeliveryAge,
            RetentionDays = settings.RetentionDays,
            ShutdownDeadline = settings.ShutdownDeadline,
            EgressProxy = settings.EgressProxy,
            Version = Version,
        });
        services.AddHookstreamApi(new ApiOptions
        {
            AdminToken = KeyHash.Of(secrets.AdminToken),
            MaxPayloadBytes = settings.MaxPayloadBytes,
            MaxBatchBytes = settings.MaxBatchBytes,
            DefaultVerification = settings.Verification,
            Version = Version,
            StartedAt = TimeProvider.System.GetUtcNow(),
        });
    }

    private static async Task StartAsync(WebApplication app, Settings settings, CancellationToken cancellation)
    {
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (IOException exception) when (exception.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            throw new StartException(
                $"port {settings.Port} is in use; stop what listens there, or set PORT to another one", exception);
        }
        catch (SocketException exception)
        {
            throw new StartException(
                $"cannot listen on {settings.Host ?? "localhost"}, port {settings.Port}: {exception.Message}; "
                + "set HOOKSTREAM_HOST to an address of this machine and PORT to a port that this user may take",
                exception);
        }
    }
}
