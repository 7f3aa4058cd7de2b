using Hookstream.Core.Encryption;
using Hookstream.Core.Statistics;
using Hookstream.Storage.Postgres.Catalogs;
using Hookstream.Storage.Postgres.Deliveries;
using Hookstream.Storage.Postgres.Encryption;
using Hookstream.Storage.Postgres.Events;
using Hookstream.Storage.Postgres.Maintenance;
using Hookstream.Storage.Postgres.OperationalEvents;
using Hookstream.Storage.Postgres.Queueing;
using Hookstream.Storage.Postgres.Replays;
using Hookstream.Storage.Postgres.Statistics;
using Hookstream.Storage.Postgres.Subscribers;
using Hookstream.Storage.Postgres.Tenants;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Hookstream.Storage.Postgres;

/// <summary>The store in PostgreSQL, and the queue in it; any number of processes share it.</summary>
public sealed class PostgresStore : IAsyncDisposable
{
    private readonly Sessions _sessions;
    private readonly CatalogSync _sync;
    private readonly NodeSignals _signals;
    private readonly AppendWriters _writers;
    private readonly Leadership _leadership;
    private readonly PostgresDeliveryQueue _queue;

    private PostgresStore(
        Sessions sessions,
        PostgresStoreOptions options,
        SubscriberRows rows,
        StoreClock clock,
        IQueueMirror? mirror,
        ILogger logger)
    {
        _sessions = sessions;
        var metrics = new StoreMetrics(options.Meters);
        var tenants = new TenantCatalog();
        var subscribers = new SubscriberCatalog();
        var lanes = new LaneSet(clock);
        _signals = new NodeSignals(sessions, options.Listen, logger);
        _sync = new CatalogSync(sessions, tenants, subscribers, new CatalogReading(sessions, rows), lanes, clock, logger);
        var writing = new CatalogWriting(sessions, _sync, _signals, clock);
        var holds = new EndpointHolds(sessions, mirror);
        var partitions = new PartitionSet(sessions, clock);
        var wakeups = new Wakeups(subscribers, lanes, _signals, mirror);
        var changes = new DeliveryChanges(sessions, partitions, clock, wakeups, mirror);
        var cancellations = new CancellationBacklog(sessions, clock, changes, subscribers, lanes, _signals);
        var replay = new DeliveryReplay(sessions, clock, changes, wakeups);
        var bulk = new BulkReplay(sessions, clock, changes);
        var recovery = new Recovery(sessions, clock, changes, wakeups);
        var claimed = new ClaimedRows(clock);
        var source = new QueueSource(sessions);
        _leadership = new Leadership(sessions, clock, logger);
        _queue = new PostgresDeliveryQueue(sessions, subscribers, _sync, lanes, _signals, claimed, options.LeaseGrace, clock, logger);
        var appended = new AppendPublisher(lanes, _signals, mirror, clock);
        var operational = new OperationalEventWriter(tenants, subscribers, appended, options.RetrySchedule.Delays[0], clock);
        _writers = new AppendWriters(
            new AppendTransaction(
                sessions,
                tenants,
                subscribers,
                _sync,
                partitions,
                appended,
                options.RetrySchedule.Delays[0],
                clock,
                logger),
            options,
            metrics,
            clock,
            logger);

        Tenants = new PostgresTenantStore(
            sessions, _sync, writing, tenants, subscribers, new DefaultTenant(sessions, clock), holds, new KeyUses(sessions, logger), clock);
        Subscribers = new PostgresSubscriberStore(
            sessions, _sync, writing, subscribers, rows, cancellations, holds, partitions, operational, clock);
        Events = new PostgresEventStore(_writers, new EventReading(sessions), replay, tenants, subscribers, clock);
        Deliveries = new PostgresDeliveryStore(
            new WorkLoading(sessions, subscribers, claimed, holds, source, mirror),
            new SettleTransaction(
                sessions,
                partitions,
                claimed,
                new SettlePublisher(subscribers, _sync, lanes, _signals, holds, mirror, source, metrics, clock, logger),
                operational,
                mirror,
                options.Circuits,
                clock,
                logger),
            new DeliveryReading(sessions, clock),
            new FailureReading(sessions),
            replay,
            bulk,
            recovery,
            tenants,
            subscribers,
            clock);
        Maintenance = new PostgresMaintenance(
            sessions,
            clock,
            tenants,
            subscribers,
            partitions,
            _leadership,
            new RetiredDays(sessions, logger),
            new ExpiredRows(sessions, clock),
            new ExpiredWaiting(sessions, partitions, operational, mirror, clock),
            cancellations,
            bulk,
            recovery,
            new StatisticsRollUp(sessions, clock),
            logger);
        Statistics = new PostgresStatistics(sessions, tenants, subscribers, clock);
        Encryption = new PostgresEncryption(sessions, rows.Keyring);
        QueueSource = source;
        Clock = clock;
        Partitions = partitions;
        Lanes = lanes;
        Known = subscribers;
        KnownTenants = tenants;
    }

    /// <summary>Tenants and keys.</summary>
    public ITenantStore Tenants { get; }

    /// <summary>Subscribers.</summary>
    public ISubscriberStore Subscribers { get; }

    /// <summary>Events.</summary>
    public IEventStore Events { get; }

    /// <summary>Deliveries and attempts.</summary>
    public IDeliveryStore Deliveries { get; }

    /// <summary>The queue, which is the store itself; not to be used beside a queue apart from it.</summary>
    public IDeliveryQueue Queue => _queue;

    /// <summary>What waits, for a queue apart from the store.</summary>
    public IQueueSource QueueSource { get; }

    /// <summary>The store's clock, by which it states due times.</summary>
    public TimeProvider Clock { get; }

    /// <summary>Chores and health.</summary>
    public IStoreMaintenance Maintenance { get; }

    /// <summary>Figures of what was attempted.</summary>
    public IStatisticsStore Statistics { get; }

    /// <summary>Changing the key.</summary>
    public IStoreEncryption Encryption { get; }

    private PartitionSet Partitions { get; }

    private LaneSet Lanes { get; }

    private SubscriberCatalog Known { get; }

    private TenantCatalog KnownTenants { get; }

    /// <summary>Opens the store: checks the schema and the key, and reads the configuration of all tenants.</summary>
    /// <param name="options">Where it is.</param>
    /// <param name="keyring">The keys of the secrets in it.</param>
    /// <param name="time">The process's clock.</param>
    /// <param name="loggers">Told of what happens.</param>
    /// <param name="mirror">The queue apart from the store; null: the store is the queue.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="StoreUnavailableException">It cannot be reached.</exception>
    /// <exception cref="StoreRefusedException">Its schema is none that this program knows, or it lets nobody in.</exception>
    /// <exception cref="EncryptionKeyMismatchException">The key is not the one it was made with.</exception>
    public static async Task<PostgresStore> OpenAsync(
        PostgresStoreOptions options,
        EncryptionKeyring keyring,
        TimeProvider time,
        ILoggerFactory loggers,
        IQueueMirror? mirror,
        CancellationToken cancellation)
    {
        var logger = loggers.CreateLogger<PostgresStore>();
        var clock = new StoreClock(time, options.Clock);
        var rows = new SubscriberRows(keyring, options.Verification);
        var sessions = new Sessions(options);
        PostgresStore? store = null;
        try
        {
            await SchemaMigrations.CheckAsync(sessions.General, cancellation);
            await using (var connection = await sessions.General.OpenConnectionAsync(cancellation))
            {
                await clock.SynchronizeAsync(connection, cancellation);
                await EncryptionCanary.CheckAsync(connection, keyring, cancellation);
                await rows.ReapplyVerificationAsync(connection, cancellation);
            }

            store = new PostgresStore(sessions, options, rows, clock, mirror, logger);
            await store.StartAsync(cancellation);
            Log.Opened(logger, store.KnownTenants.Count, store.Known.Count);
            return store;
        }
        catch (Exception exception)
        {
            if (store is not null)
                await store.DisposeAsync();
            else
                await sessions.DisposeAsync();
            if (exception is NpgsqlException refused)
                throw PostgresFailure.OfOpening(refused);
            if (exception is not StoreUnavailableException && PostgresFailure.IsAway(exception))
                throw PostgresFailure.ToUnavailable(exception);
            throw;
        }
    }

    /// <summary>Brings the schema up to date.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be reached.</exception>
    /// <exception cref="StoreRefusedException">A migration failed, or it lets nobody in.</exception>
    public static void Migrate(string connectionString, ILoggerFactory loggers) =>
        SchemaMigrations.Apply(connectionString, loggers.CreateLogger<PostgresStore>());

    /// <summary>Commits what is queued, and lets go of the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await _writers.DisposeAsync();
        await _signals.DisposeAsync();
        await _sync.DisposeAsync();
        await _leadership.DisposeAsync();
        _queue.Dispose();
        await _sessions.DisposeAsync();
    }

    private async Task StartAsync(CancellationToken cancellation)
    {
        await Partitions.EnsureAheadAsync(cancellation);
        await _sync.StartAsync(cancellation);
        _signals.Start(
            tenantNo => _sync.EnsureCurrentAsync(tenantNo, CancellationToken.None),
            (subscriberNo, laneClass, due) =>
            {
                // One that is not known yet is found with the next look at the lanes.
                if (Known.TryGet(subscriberNo, out var entry))
                    Lanes.Signal(entry.Lane, laneClass, due);
            });
    }
}
