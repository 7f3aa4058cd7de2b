using Hookstream.Core.Statistics;
using Hookstream.Storage.Postgres.Tests.Databases;
using Hookstream.TestServers.Postgres;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hookstream.Storage.Postgres.Tests;

/// <summary>The real store on a database of its own, which goes with it.</summary>
internal sealed class PostgresStoreUnderTest : StoreUnderTest
{
    private readonly Func<PostgresStoreUnderTest, Task<PostgresStore>> _open;
    private readonly StoreDatabases _databases;
    private readonly List<PostgresStore> _others = [];
    private PostgresStore? _store;
    private bool _schemaChanged;

    private PostgresStoreUnderTest(
        StoreDatabases databases, PostgresDatabase database, Func<PostgresStoreUnderTest, Task<PostgresStore>> open)
    {
        _databases = databases;
        Database = database;
        _open = open;
    }

    public PostgresDatabase Database { get; }

    public override ITenantStore Tenants => Open.Tenants;

    public override IEventStore Events => Open.Events;

    public override ISubscriberStore Subscribers => Open.Subscribers;

    public override IDeliveryStore Deliveries => Open.Deliveries;

    public override IDeliveryQueue Queue => Open.Queue;

    public override IStoreMaintenance Maintenance => Open.Maintenance;

    public override IStoreEncryption Encryption => Open.Encryption;

    public override IStatisticsStore Statistics => Open.Statistics;

    public override bool LeasesOutliveProcess => true;

    private PostgresStore Open => _store ?? throw new InvalidOperationException("the store is closed");

    public static async Task<StoreUnderTest> CreateAsync(
        TimeProvider time,
        VerificationMode verification,
        Func<PostgresStoreOptions, PostgresStoreOptions>? configure = null,
        ILoggerFactory? loggers = null,
        string? zone = null,
        IQueueMirror? mirror = null)
    {
        var databases = await StoreDatabases.CurrentAsync();
        var created = new PostgresStoreUnderTest(
            databases, await databases.RentAsync(), test => test.OpenNodeAsync(time, verification, configure, loggers, mirror));
        if (zone is not null)
        {
            created._schemaChanged = true;
            await created.Database.SetTimeZoneAsync(zone);
        }

        created._store = await created._open(created);
        return created;
    }

    /// <summary>Opens one more node of the same deployment; the caller closes it.</summary>
    public Task<PostgresStore> OpenNodeAsync(
        TimeProvider time,
        VerificationMode verification = VerificationMode.Optional,
        Func<PostgresStoreOptions, PostgresStoreOptions>? configure = null,
        ILoggerFactory? loggers = null,
        IQueueMirror? mirror = null)
    {
        var options = new PostgresStoreOptions
        {
            ConnectionString = StoreDatabases.ConnectionStringOf(Database.Url),
            Verification = verification,
            Circuits = Circuits,
            Meters = Meters,
            Clock = ClockSource.Process,
            LeaseGrace = TimeSpan.Zero,
        };
        return PostgresStore.OpenAsync(
            configure?.Invoke(options) ?? options,
            new EncryptionKeyring(Keys),
            time,
            loggers ?? NullLoggerFactory.Instance,
            mirror,
            TestContext.Current.CancellationToken);
    }

    public override async Task<IDeliveryQueue?> OpenNodeAsync()
    {
        var node = await _open(this);
        _others.Add(node);
        return node.Queue;
    }

    public override async Task ReopenAsync()
    {
        await CloseAsync();
        _store = await _open(this);
    }

    public override async Task<NewEvent?> MakePoisonousAsync(NewEvent model)
    {
        EventType.TryParse("order.poisonous", out var type).ShouldBeTrue();
        await RefuseAsync("events", $"new.type = '{type}'");
        return model with { Type = type };
    }

    public override async Task<Attempt?> MakePoisonousAsync(Attempt model)
    {
        await RefuseAsync("attempts", $"new.id = '{model.Id.Value}'");
        return model;
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var node in _others)
            await node.DisposeAsync();
        await CloseAsync();
        Meters.Dispose();
        if (_schemaChanged)
            await Database.DisposeAsync();
        else
            await _databases.ReturnAsync(Database);
    }

    private async Task CloseAsync()
    {
        if (_store is { } store)
            await store.DisposeAsync();
        _store = null;
    }

    // What the store did not think of: a row that a rule of the database's own refuses.
    private Task RefuseAsync(string table, string condition)
    {
        _schemaChanged = true;
        return Database.ExecuteAsync(
            $"""
            create function refuse_{table}() returns trigger language plpgsql as
            'begin raise exception ''poison''; end';
            create trigger refuse_{table} before insert on {table}
            for each row when ({condition}) execute function refuse_{table}();
            """);
    }
}
