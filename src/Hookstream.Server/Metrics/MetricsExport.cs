using System.Diagnostics.Metrics;
using Hookstream.Api;
using Hookstream.Api.Metrics;
using Hookstream.Core.Metrics;
using Hookstream.Core.Tenants;
using Hookstream.Server.Configuration;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;

namespace Hookstream.Server.Metrics;

/// <summary>Exports what the program counts, and what the runtime does, for Prometheus to fetch, and with OTLP.</summary>
internal static class MetricsExport
{
    // The runtime's own: processor time, memory, collections, the thread pool, exceptions.
    private const string RuntimeMeter = "System.Runtime";

    // OpenTelemetry's own: the spans that it has dropped, which nothing else tells.
    private const string SdkMeter = "otel.sdk.experimental";
    private const string SpansProcessed = "otel.sdk.processor.span.processed";

    // Series of one instrument, beside those that have a bound of their own. The exporter sets room aside for each of them.
    private const int MostSeries = 200;

    private static readonly Dictionary<string, int> SeriesOf = new(StringComparer.Ordinal)
    {
        ["hookstream.deliveries"] = 3 * (MetricLimits.TenantsAndTypes + MetricLimits.Tenants + 1),
        ["hookstream.queue.depth"] = MetricLimits.Tenants + 1,
        ["hookstream.circuit_breaker.state"] = MetricLimits.Endpoints + 1,
        // Routes with their methods and statuses: as many as the program has.
        ["hookstream.api.requests"] = 2_000,
    };

    // What the runtime calls a count and Prometheus does not, and what it declares as ever growing although it is not; those
    // that tell something are among our own.
    private static readonly string[] LeftOut =
    [
        "dotnet.assembly.count", "dotnet.timer.count", "dotnet.process.cpu.count",
        "dotnet.thread_pool.queue.length", "dotnet.thread_pool.thread.count",
        "otel.sdk.processor.log.processed",
    ];

    /// <summary>The instruments' factory, for what is made before the application is, and by every application of the process.</summary>
    public static ServiceProvider CreateFactory(out IMeterFactory meters)
    {
        var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        meters = services.GetRequiredService<IMeterFactory>();
        return services;
    }

    public static void AddMetricsExport(this IServiceCollection services, TelemetrySettings settings, IMeterFactory meters)
    {
        services.AddSingleton(meters);
        // Where nobody reads them, nobody listens to the instruments, and what is recorded goes nowhere.
        if (!settings.MetricsAreFetched && !settings.MetricsArePushed)
            return;
        services.AddOpenTelemetry().WithMetrics(metrics =>
        {
            metrics.AddMeter(Metering.MeterName, RuntimeMeter).AddView(Configure);
            if (settings.Traces)
                metrics.AddMeter(SdkMeter);
            if (settings.MetricsAreFetched)
                metrics.AddPrometheusExporter(Configure);
            if (settings.MetricsArePushed)
                metrics.AddOtlpExporter();
        });
    }

    /// <summary>Maps <c>/metrics</c>, after everything else is mapped.</summary>
    public static void MapMetrics(this WebApplication app, Settings settings)
    {
        KeyHash? token = settings.MetricsToken is null ? null : KeyHash.Of(settings.MetricsToken);
        var options = new MetricsEndpointOptions(settings.MetricsPort, token) { OffBecause = settings.Telemetry.NotFetchedBecause };
        var scrape = options.OffBecause is null
            ? ((IEndpointRouteBuilder)app).CreateApplicationBuilder().UseOpenTelemetryPrometheusScrapingEndpoint(_ => true).Build()
            : null;
        app.MapHookstreamMetrics(options, scrape);
    }

    private static MetricStreamConfiguration? Configure(Instrument instrument) =>
        LeftOut.Contains(instrument.Name)
            ? MetricStreamConfiguration.Drop
            : new()
            {
                CardinalityLimit = SeriesOf.GetValueOrDefault(instrument.Name, MostSeries),
                // Which processor it was: there is one.
                TagKeys = instrument.Name == SpansProcessed ? ["error.type"] : null,
            };

    // Labels that say the same in every series.
    private static void Configure(PrometheusAspNetCoreOptions options)
    {
        options.ScopeInfoEnabled = false;
        options.TargetInfoEnabled = false;
    }
}
