using Hookstream.Core.Encryption;
using Hookstream.Core.Statistics;
using Hookstream.Storage.Sqlite.Deliveries;
using Hookstream.Storage.Sqlite.Encryption;
using Hookstream.Storage.Sqlite.Events;
using Hookstream.Storage.Sqlite.Maintenance;
using Hookstream.Storage.Sqlite.OperationalEvents;
using Hookstream.Storage.Sqlite.Queueing;
using Hookstream.Storage.Sqlite.Replays;
using Hookstream.Storage.Sqlite.Statistics;
using Hookstream.Storage.Sqlite.Subscribers;
using Hookstream.Storage.Sqlite.Tenants;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Hookstream.Storage.Sqlite;

/// <summary>The embedded store and queue: one SQLite file, one process, one writer.</summary>
public sealed class SqliteStore : IAsyncDisposable
{
    private readonly DataDirectoryLock _lock;
    private readonly GroupCommit _writer;
    private readonly ReaderPool _readers;
    private readonly SqliteDeliveryQueue _queue;

    private SqliteStore(
        DataDirectoryLock directoryLock,
        string path,
        DatabaseConnection connection,
        SqliteStoreOptions options,
        EncryptionKeyring keyring,
        TimeProvider time,
        ILogger logger)
    {
        _lock = directoryLock;
        var rows = new SubscriberRows(keyring, options.Verification);
        var tenants = new TenantCatalog();
        var subscribers = new SubscriberCatalog();
        TenantRows.Load(connection, tenants);
        SubscriberLoading.Load(connection, rows, tenants, subscribers);

        var metrics = new StoreMetrics(options.Meters);
        var lanes = new LaneSet(time);
        var waiting = LaneRows.Refresh(connection, subscribers, lanes);
        var leases = new LeaseTable(lanes, time);
        _readers = new ReaderPool(path);
        _writer = new GroupCommit(connection, options.MaxWaitingRows, options.MaxWaitingBytes, metrics, time, logger);
        _queue = new SqliteDeliveryQueue(DatabaseConnection.Open(path, readOnly: true), lanes, leases, time, logger);

        var cancellations = new CancellationBacklog(_writer, subscribers, leases, time);
        var removal = new SubscriberRemoval(subscribers, lanes, cancellations, time);
        var replay = new DeliveryReplay(_writer, subscribers, leases, lanes, time);
        var bulk = new BulkReplay(
            _writer, _readers, subscribers, leases, lanes, cancellations, options.Verification, time);
        var recovery = new Recovery(_writer, _readers, subscribers, leases, lanes, time);
        Tenants = new SqliteTenantStore(_writer, _readers, tenants, removal, time);
        var firstDelay = (long)options.RetrySchedule.Delays[0].TotalMilliseconds;
        Subscribers = new SqliteSubscriberStore(
            _writer, _readers, tenants, subscribers, rows, removal, cancellations, lanes, NewOperational, time);
        Events = new SqliteEventStore(
            _writer, _readers, tenants, subscribers, lanes, replay, options.RetrySchedule, time, logger);
        Deliveries = new SqliteDeliveryStore(
            _writer, _readers, tenants, subscribers, leases, lanes, cancellations, replay, bulk, recovery, NewOperational,
            options.Verification, options.Circuits, metrics, time, logger);
        Maintenance = new SqliteMaintenance(
            _writer, _readers, tenants, subscribers, lanes, cancellations, bulk, recovery, NewOperational,
            new StatisticsRollUp(_writer, _readers, time), time, logger);
        Statistics = new SqliteStatistics(_writer, _readers, tenants, subscribers, time);
        Encryption = new SqliteEncryption(_writer, _readers, keyring);
        Unfinished = cancellations;
        Log.Opened(logger, options.Directory, tenants.Count, subscribers.Count, waiting);

        OperationalEventWriter NewOperational() => new(subscribers, lanes, firstDelay);
    }

    /// <summary>Tenants and keys.</summary>
    public ITenantStore Tenants { get; }

    /// <summary>Subscribers.</summary>
    public ISubscriberStore Subscribers { get; }

    /// <summary>Events.</summary>
    public IEventStore Events { get; }

    /// <summary>Deliveries and attempts.</summary>
    public IDeliveryStore Deliveries { get; }

    /// <summary>The queue, which is the store itself.</summary>
    public IDeliveryQueue Queue => _queue;

    /// <summary>Chores and health.</summary>
    public IStoreMaintenance Maintenance { get; }

    /// <summary>Figures of what was attempted.</summary>
    public IStatisticsStore Statistics { get; }

    /// <summary>Changing the key.</summary>
    public IStoreEncryption Encryption { get; }

    private CancellationBacklog Unfinished { get; }

    /// <summary>
    /// Opens the store: takes the data directory, brings the schema up to date, checks the key, and works out what waits.
    /// </summary>
    /// <exception cref="StoreUnavailableException">Another process has it, or the file is none of a store.</exception>
    /// <exception cref="EncryptionKeyMismatchException">The key is not the one it was made with.</exception>
    public static async Task<SqliteStore> OpenAsync(
        SqliteStoreOptions options,
        EncryptionKeyring keyring,
        TimeProvider time,
        ILoggerFactory loggers,
        CancellationToken cancellation)
    {
        await Task.Yield();
        cancellation.ThrowIfCancellationRequested();
        var logger = loggers.CreateLogger<SqliteStore>();
        DataDirectory.Create(options.Directory);
        var directoryLock = DataDirectoryLock.Take(options.Directory);
        DatabaseConnection? connection = null;
        var path = FileIn(options.Directory);
        try
        {
            MigrateFile(path, logger);
            connection = DatabaseConnection.Open(path, readOnly: false);
            EncryptionCanary.Check(connection, keyring);
            var store = new SqliteStore(directoryLock, path, connection, options, keyring, time, logger);
            await store._readers.ReadAsync(
                database =>
                {
                    store.Unfinished.Load(database);
                    return true;
                },
                cancellation);
            return store;
        }
        catch (Exception exception)
        {
            connection?.Dispose();
            directoryLock.Dispose();
            if (exception is SqliteException broken)
                throw Unusable(path, broken);
            throw;
        }
    }

    /// <summary>Brings the schema up to date and closes the store again.</summary>
    /// <exception cref="StoreUnavailableException">Another process has it, or a migration failed.</exception>
    public static void Migrate(string directory, ILoggerFactory loggers)
    {
        DataDirectory.Create(directory);
        using var directoryLock = DataDirectoryLock.Take(directory);
        var path = FileIn(directory);
        try
        {
            MigrateFile(path, loggers.CreateLogger<SqliteStore>());
        }
        catch (SqliteException broken)
        {
            throw Unusable(path, broken);
        }
    }

    /// <summary>Commits what is queued, and lets go of the data directory.</summary>
    public async ValueTask DisposeAsync()
    {
        // The writer last: whoever closes the file last takes the log into it, and a reader cannot.
        _queue.Dispose();
        _readers.Dispose();
        await _writer.DisposeAsync();
        _lock.Dispose();
    }

    private static string FileIn(string directory) => Path.Combine(directory, "hookstream.db");

    private static void MigrateFile(string path, ILogger logger)
    {
        DataDirectory.CreateFile(path);
        SchemaMigrations.Apply(path, logger);
    }

    private static StoreUnavailableException Unusable(string path, SqliteException cause) => new(
        $"{path} cannot be used as a store: {cause.Message}; where it is damaged or another program's, restore a backup of it, "
        + "or set HOOKSTREAM_DATA_DIR to another directory",
        cause);
}
