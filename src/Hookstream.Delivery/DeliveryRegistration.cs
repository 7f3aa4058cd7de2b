using System.Diagnostics.Metrics;
using Hookstream.Delivery.Challenges;
using Hookstream.Delivery.Chores;
using Hookstream.Delivery.Dispatching;
using Hookstream.Delivery.Sending;
using Hookstream.Delivery.Settling;
using Hookstream.Delivery.Statistics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Hookstream.Delivery;

/// <summary>Registers the delivery workers.</summary>
public static class DeliveryRegistration
{
    /// <summary>
    /// Adds the workers that deliver, send challenges and do the store's chores. The store's ports have to be registered.
    /// </summary>
    public static IServiceCollection AddHookstreamDelivery(this IServiceCollection services, DeliveryOptions options)
    {
        services.AddHookstreamEndpointProbe(options);
        services.TryAddSingleton<ClaimLedger>();
        services.TryAddSingleton<DispatchMetrics>();
        services.TryAddSingleton<SettleMetrics>();
        services.TryAddSingleton(provider => new BacklogMetrics(provider.GetService<IMeterFactory>()));
        services.TryAddSingleton<StatisticsCollector>();
        services.TryAddSingleton<SettleQueue>();
        services.TryAddSingleton<DeliverySend>();
        services.TryAddSingleton<Dispatcher>();
        services.TryAddSingleton<LeaseRenewer>();
        // Before the worker, so that it is stopped after it.
        services.AddHostedService<StatisticsFlusher>();
        services.AddHostedService<DeliveryWorker>();
        services.AddHostedService<ChallengeWorker>();
        services.AddHostedService<ChoreWorker>();
        services.AddHostedService<BacklogWatch>();
        services.AddHostedService<StatisticsRollUp>();
        return services;
    }

    /// <summary>Adds <see cref="IEndpointProbe"/> alone, for a process that serves the API without delivering.</summary>
    public static IServiceCollection AddHookstreamEndpointProbe(
        this IServiceCollection services, DeliveryOptions options)
    {
        services.TryAddSingleton(options);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<INameResolver, SystemNameResolver>();
        services.TryAddSingleton<ConnectionMetrics>();
        services.TryAddSingleton<EndpointTransport>();
        services.TryAddSingleton<WebhookSender>();
        services.TryAddSingleton<EndpointProbe>();
        services.TryAddSingleton<IEndpointProbe>(provider => provider.GetRequiredService<EndpointProbe>());
        return services;
    }
}
