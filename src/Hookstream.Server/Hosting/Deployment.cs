using System.Diagnostics.Metrics;
using Hookstream.Core.Deliveries;
using Hookstream.Core.Encryption;
using Hookstream.Core.Events;
using Hookstream.Core.Statistics;
using Hookstream.Core.Stores;
using Hookstream.Core.Subscribers;
using Hookstream.Core.Tenants;
using Hookstream.Queue.Redis;
using Hookstream.Server.Configuration;
using Hookstream.Storage.Postgres;
using Hookstream.Storage.Sqlite;

namespace Hookstream.Server.Hosting;

/// <summary>The ports of the store and the queue that the settings choose, open.</summary>
internal sealed class Deployment : IAsyncDisposable
{
    private readonly IAsyncDisposable[] _parts;

    // In the order in which they are closed.
    private Deployment(params IAsyncDisposable[] parts) => _parts = parts;

    public required ITenantStore Tenants { get; init; }

    public required ISubscriberStore Subscribers { get; init; }

    public required IEventStore Events { get; init; }

    public required IDeliveryStore Deliveries { get; init; }

    public required IDeliveryQueue Queue { get; init; }

    public required IStoreMaintenance Maintenance { get; init; }

    public required IStoreEncryption Encryption { get; init; }

    public required IStatisticsStore Statistics { get; init; }

    /// <summary>The store's clock; null: this machine's.</summary>
    public TimeProvider? Clock { get; init; }

    /// <summary>Null: the store is the queue.</summary>
    public IQueueHealth? QueueHealth { get; init; }

    /// <summary>What it is, for the log.</summary>
    public required string Name { get; init; }

    /// <exception cref="StoreUnavailableException">PostgreSQL is away; or the data directory cannot be used.</exception>
    /// <exception cref="StoreRefusedException">The schema is another version's, or PostgreSQL lets nobody in.</exception>
    public static Task<Deployment> OpenAsync(
        Settings settings, EncryptionKeyring keyring, ILoggerFactory loggers, IMeterFactory meters, CancellationToken cancellation) =>
        settings.Database is { } database
            ? OpenPostgresAsync(settings, database, keyring, loggers, meters, cancellation)
            : OpenEmbeddedAsync(settings, keyring, loggers, meters, cancellation);

    public async ValueTask DisposeAsync()
    {
        foreach (var part in _parts)
            await part.DisposeAsync();
    }

    private static async Task<Deployment> OpenEmbeddedAsync(
        Settings settings, EncryptionKeyring keyring, ILoggerFactory loggers, IMeterFactory meters, CancellationToken cancellation)
    {
        var options = new SqliteStoreOptions
        {
            Meters = meters,
            Directory = settings.DataDirectory,
            Verification = settings.Verification,
            RetrySchedule = settings.RetrySchedule,
            Circuits = settings.Circuits,
        };
        var store = await SqliteStore.OpenAsync(options, keyring, TimeProvider.System, loggers, cancellation);
        return new Deployment(store)
        {
            Name = "embedded",
            Tenants = store.Tenants,
            Subscribers = store.Subscribers,
            Events = store.Events,
            Deliveries = store.Deliveries,
            Queue = store.Queue,
            Maintenance = store.Maintenance,
            Encryption = store.Encryption,
            Statistics = store.Statistics,
        };
    }

    private static async Task<Deployment> OpenPostgresAsync(
        Settings settings,
        DatabaseSettings database,
        EncryptionKeyring keyring,
        ILoggerFactory loggers,
        IMeterFactory meters,
        CancellationToken cancellation)
    {
        var options = new PostgresStoreOptions
        {
            Meters = meters,
            ConnectionString = database.ConnectionString,
            Listen = database.Listen,
            Verification = settings.Verification,
            RetrySchedule = settings.RetrySchedule,
            Circuits = settings.Circuits,
        };
        if (settings.Redis is { } redis)
            return await OpenRedisAsync(options, redis, keyring, loggers, cancellation);
        return Of(await PostgresStore.OpenAsync(options, keyring, TimeProvider.System, loggers, mirror: null, cancellation), null);
    }

    private static async Task<Deployment> OpenRedisAsync(
        PostgresStoreOptions options,
        RedisSettings redis,
        EncryptionKeyring keyring,
        ILoggerFactory loggers,
        CancellationToken cancellation)
    {
        var queue = await RedisQueue.OpenAsync(
            new RedisQueueOptions { Server = redis.Server, Prefix = redis.Prefix, Meters = options.Meters }, TimeProvider.System, loggers);
        Deployment? opened = null;
        try
        {
            var store = await PostgresStore.OpenAsync(options, keyring, TimeProvider.System, loggers, queue, cancellation);
            opened = Of(store, queue);
            await queue.AttachAsync(store.QueueSource, store.Clock, cancellation);
            return opened;
        }
        catch
        {
            await (opened?.DisposeAsync() ?? queue.DisposeAsync());
            throw;
        }
    }

    // The queue reads the store, so it is closed first.
    private static Deployment Of(PostgresStore store, RedisQueue? queue) => new(queue is null ? [store] : [queue, store])
    {
        Name = queue is null ? "PostgreSQL" : "PostgreSQL and Redis",
        Tenants = store.Tenants,
        Subscribers = store.Subscribers,
        Events = store.Events,
        Deliveries = store.Deliveries,
        Queue = queue is null ? store.Queue : queue,
        QueueHealth = queue,
        Maintenance = store.Maintenance,
        Encryption = store.Encryption,
        Statistics = store.Statistics,
        Clock = store.Clock,
    };
}
