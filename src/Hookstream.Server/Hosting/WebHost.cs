using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using Hookstream.Api;
using Hookstream.Core.Tenants;
using Hookstream.Server.Configuration;
using Hookstream.Server.Metrics;
using Hookstream.Server.Telemetry;
using Hookstream.Server.Tracing;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Hookstream.Server.Hosting;

/// <summary>The web server of a process, whatever it serves.</summary>
internal static class WebHost
{
    public static string Version { get; } =
        typeof(WebHost).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion.Split('+')[0];

    public static WebApplicationBuilder CreateBuilder(Settings settings, IMeterFactory meters)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        JsonLogs.Configure(builder.Logging, settings.LogLevel);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddRoutingCore();
        builder.AddTelemetry(settings);
        builder.Services.AddMetricsExport(settings.Telemetry, meters);
        builder.Services.AddTraceExport(settings.Telemetry);
        builder.Services.Configure<HostOptions>(options =>
            options.ShutdownTimeout = settings.ShutdownDelay + settings.ShutdownDeadline + TimeSpan.FromSeconds(15));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, settings));
        // Requests run where their bytes were read: ingest never blocks there, and a hop to another thread costs as much as
        // parsing an event.
        builder.WebHost.UseSockets(sockets => sockets.UnsafePreferInlineScheduling = true);
        return builder;
    }

    public static ApiOptions ApiOptionsOf(Settings settings, string? adminToken, DateTimeOffset startedAt) => new()
    {
        AdminToken = adminToken is null ? null : KeyHash.Of(adminToken),
        MaxPayloadBytes = settings.MaxPayloadBytes,
        MaxBatchBytes = settings.MaxBatchBytes,
        RequestsPerSecond = settings.ApiRateLimit,
        DefaultVerification = settings.Verification,
        Destinations = settings.Destinations,
        Retention = TimeSpan.FromDays(settings.RetentionDays),
        NeedsQueue = settings.Role == Role.Worker,
        Version = Version,
        StartedAt = startedAt,
    };

    /// <exception cref="StartException">It cannot listen there.</exception>
    public static async Task StartAsync(WebApplication app, Settings settings, CancellationToken cancellation)
    {
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (IOException exception) when (exception.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            throw new StartException(
                settings.MetricsPort is { } metrics
                    ? $"port {settings.Port} or {metrics} is in use; stop what listens there, or set PORT or HOOKSTREAM_METRICS_PORT to another one"
                    : $"port {settings.Port} is in use; stop what listens there, or set PORT to another one",
                exception);
        }
        catch (SocketException exception)
        {
            throw new StartException(
                $"cannot listen on {settings.Host ?? "localhost"}, port {settings.Port}: {exception.Message}; "
                + "set HOOKSTREAM_HOST to an address of this machine and PORT to a port that this user may take",
                exception);
        }
    }

    private static void Configure(KestrelServerOptions kestrel, Settings settings)
    {
        kestrel.AddServerHeader = false;
        ServerLimits.Apply(kestrel.Limits);
        Listen(kestrel, settings.Host, settings.Port);
        if (settings.MetricsPort is { } metrics)
            Listen(kestrel, settings.Host, metrics);
    }

    private static void Listen(KestrelServerOptions kestrel, string? host, int port)
    {
        if (host is null or "localhost")
            kestrel.ListenLocalhost(port);
        else
            kestrel.Listen(IPAddress.Parse(host), port);
    }
}
