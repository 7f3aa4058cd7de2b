using Hookstream.Api.Authentication;
using Hookstream.Api.DeadLetters;
using Hookstream.Api.Deliveries;
using Hookstream.Api.Diagnoses;
using Hookstream.Api.Encryption;
using Hookstream.Api.Events;
using Hookstream.Api.Health;
using Hookstream.Api.Keys;
using Hookstream.Api.Metrics;
using Hookstream.Api.OpenApi;
using Hookstream.Api.RateLimits;
using Hookstream.Api.Routing;
using Hookstream.Api.Statistics;
using Hookstream.Api.Subscribers;
using Hookstream.Api.Tenants;
using Hookstream.Core.Diagnoses;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Hookstream.Api;

/// <summary>Adds the HTTP API to a web application.</summary>
public static class HookstreamApi
{
    /// <summary>
    /// Registers what the API is made of. Needs the ports <see cref="ITenantStore"/>, <see cref="IEventStore"/>,
    /// <see cref="ISubscriberStore"/>, <see cref="IDeliveryStore"/>, <see cref="IStoreMaintenance"/>,
    /// <see cref="Hookstream.Core.Encryption.IStoreEncryption"/>, <see cref="Hookstream.Core.Statistics.IStatisticsStore"/> and
    /// <see cref="IEndpointProbe"/> as singletons. Where there is an
    /// <see cref="IDiagnosisModel"/> already, endpoints can be diagnosed.
    /// </summary>
    public static IServiceCollection AddHookstreamApi(this IServiceCollection services, ApiOptions options)
    {
        services.AddHookstreamHealth(options);
        services.AddSingleton<KeyRateLimiter>();
        services.AddSingleton<Authenticator>();
        services.AddSingleton<EventIngest>();
        services.AddSingleton<EventBatch>();
        services.AddSingleton<KeyCalls>();
        services.AddSingleton<IResourceEndpoints, EventEndpoints>();
        services.AddSingleton<IResourceEndpoints, SubscriberEndpoints>();
        services.AddSingleton<IResourceEndpoints, EndpointActions>();
        services.AddSingleton<IResourceEndpoints, SecretEndpoints>();
        services.AddSingleton<IResourceEndpoints, RecoveryEndpoints>();
        services.AddSingleton<IResourceEndpoints, DeliveryEndpoints>();
        services.AddSingleton<IResourceEndpoints, DeadLetterEndpoints>();
        services.AddSingleton<DiagnosisLimiter>();
        services.AddSingleton<IResourceEndpoints, DiagnosisEndpoints>();
        if (services.Any(service => service.ServiceType == typeof(IDiagnosisModel)))
            services.AddSingleton<EndpointDiagnoser>();
        services.AddSingleton<IResourceEndpoints, StatisticsEndpoints>();
        services.AddSingleton<IResourceEndpoints, KeyEndpoints>();
        services.AddSingleton<IResourceEndpoints, TenantEndpoints>();
        services.AddSingleton<IResourceEndpoints, EncryptionEndpoints>();
        return services.AddApiDocument();
    }

    /// <summary>
    /// Registers health alone, for a process that does not serve the API. Needs <see cref="IStoreMaintenance"/>, and
    /// <see cref="IQueueHealth"/> where the queue is apart from the store.
    /// </summary>
    public static IServiceCollection AddHookstreamHealth(this IServiceCollection services, ApiOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ApiMetrics>();
        services.AddSingleton(options);
        services.AddSingleton<DependencyChecks>();
        services.AddSingleton<IResourceEndpoints, HealthEndpoints>();
        services.AddHostedService<HealthWatch>();
        return services;
    }

    /// <summary>
    /// Maps the API's routes, the OpenAPI document and its page, and puts the middleware in front that gives every answer its
    /// request id and every failure its problem details. Call it before anything else that handles requests.
    /// </summary>
    public static WebApplication MapHookstreamApi(this WebApplication app)
    {
        app.MapHookstreamHealth();
        app.MapApiDocument();
        return app;
    }

    /// <summary>Maps <c>/metrics</c>; after everything else is mapped.</summary>
    /// <param name="app">The application.</param>
    /// <param name="options">Where and for whom it answers.</param>
    /// <param name="scrape">Answers whoever may ask; null where it is off.</param>
    public static WebApplication MapHookstreamMetrics(this WebApplication app, MetricsEndpointOptions options, RequestDelegate? scrape)
    {
        MetricsEndpoint.Map(app, options, scrape);
        return app;
    }

    /// <summary>Maps what was registered, without a document of it.</summary>
    public static WebApplication MapHookstreamHealth(this WebApplication app)
    {
        app.UseMiddleware<RequestBoundary>();
        // Named, or the framework would put routing in front of the boundary and answer some requests without it.
        app.UseRouting();
        var routes = new ApiRoutes(app);
        foreach (var resource in app.Services.GetServices<IResourceEndpoints>())
            resource.Map(routes);
        return app;
    }
}
