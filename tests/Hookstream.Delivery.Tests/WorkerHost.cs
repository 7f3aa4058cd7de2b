using System.Diagnostics.Metrics;
using Hookstream.Conformance.Metrics;
using Hookstream.Core.Addresses;
using Hookstream.Core.Statistics;
using Hookstream.Delivery.Dispatching;
using Hookstream.Delivery.Sending;
using Hookstream.Delivery.Tests.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Hookstream.Delivery.Tests;

/// <summary>The delivery workers over ports in memory.</summary>
internal sealed class WorkerHost : IAsyncDisposable
{
    public static readonly DeliveryOptions Options = new()
    {
        Version = "1.2.3",
        Destinations = new DestinationRules { Addresses = AddressGuard.WithLoopback },
        Timeout = TimeSpan.FromMinutes(1),
        ShutdownDeadline = TimeSpan.FromMinutes(1),
    };

    private readonly ServiceProvider _services;
    private readonly List<IHostedService> _started = [];

    public WorkerHost(DeliveryOptions? options = null, TimeProvider? time = null, FakeDeliveries? deliveries = null, INameResolver? resolver = null)
    {
        Deliveries = deliveries ?? new FakeDeliveries();
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddProvider(Log).SetMinimumLevel(LogLevel.Trace));
        services.AddSingleton(time ?? TimeProvider.System);
        services.AddSingleton<IDeliveryQueue>(Deliveries);
        services.AddSingleton<IDeliveryStore>(Deliveries);
        services.AddSingleton<ISubscriberStore>(Subscribers);
        services.AddSingleton<IStoreMaintenance>(Maintenance);
        services.AddSingleton<ITenantStore>(Tenants);
        services.AddSingleton<IStatisticsStore>(Statistics);
        services.AddSingleton<IMeterFactory>(Meters);
        if (resolver is not null)
            services.AddSingleton(resolver);
        services.AddHookstreamDelivery(options ?? Options);
        _services = services.BuildServiceProvider();
    }

    public FakeDeliveries Deliveries { get; }

    public FakeSubscribers Subscribers { get; } = new();

    public FakeMaintenance Maintenance { get; } = new();

    public FakeTenants Tenants { get; } = new();

    public FakeStatistics Statistics { get; } = new();

    public RecordedMeters Meters { get; } = new();

    public RecordedLog Log { get; } = new();

    public IEndpointProbe Probe => Get<IEndpointProbe>();

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Starts the hosted service of this type, or the delivery worker alone.</summary>
    public Task StartAsync() => StartAsync<DeliveryWorker>();

    public async Task StartAsync<T>()
        where T : IHostedService
    {
        var service = _services.GetServices<IHostedService>().OfType<T>().Single();
        _started.Add(service);
        await service.StartAsync(TestContext.Current.CancellationToken);
    }

    public async Task StopAsync(CancellationToken hurry)
    {
        foreach (var service in _started)
            await service.StopAsync(hurry);
        _started.Clear();
    }

    public async Task<Settlement[]> SettledAsync(int count)
    {
        await Eventually.HoldsAsync(() => Deliveries.SettledSoFar().Length >= count, $"{count} outcomes settled");
        return Deliveries.SettledSoFar();
    }

    public async ValueTask DisposeAsync()
    {
        using var hurry = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await StopAsync(hurry.Token);
        await _services.DisposeAsync();
        Meters.Dispose();
    }
}
