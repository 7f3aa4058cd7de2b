using Hookstream.Conformance.Stores;
using Hookstream.Core.Encryption;
using Hookstream.Core.Events;
using Hookstream.Core.Statistics;
using Hookstream.Core.Stores;
using Hookstream.Storage.Postgres;
using Hookstream.Storage.Postgres.Tests.Databases;
using Hookstream.TestServers.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hookstream.Queue.Redis.Tests.Conformance;

/// <summary>
/// PostgreSQL with the queue in Redis: a database and keys of their own. The test's clock decides. Opened again, it finds Redis
/// without any of its keys, and so without the leases of the process before.
/// </summary>
internal sealed class RedisStoreUnderTest : StoreUnderTest
{
    private readonly StoreDatabases _databases;
    private readonly PostgresDatabase _database;
    private readonly string _redis;
    private readonly TimeProvider _time;
    private readonly VerificationMode _verification;
    private readonly List<RedisQueue> _others = [];
    private RedisQueue? _queue;
    private RedisQueueOptions? _options;
    private PostgresStore? _store;
    private bool _schemaChanged;

    private RedisStoreUnderTest(
        StoreDatabases databases, PostgresDatabase database, string redis, TimeProvider time, VerificationMode verification)
    {
        _databases = databases;
        _database = database;
        _redis = redis;
        _time = time;
        _verification = verification;
    }

    public override ITenantStore Tenants => Open.Tenants;

    public override IEventStore Events => Open.Events;

    public override ISubscriberStore Subscribers => Open.Subscribers;

    public override IDeliveryStore Deliveries => Open.Deliveries;

    public override IDeliveryQueue Queue => _queue ?? throw new InvalidOperationException("the queue is closed");

    public override IStoreMaintenance Maintenance => Open.Maintenance;

    public override IStoreEncryption Encryption => Open.Encryption;

    public override IStatisticsStore Statistics => Open.Statistics;

    private PostgresStore Open => _store ?? throw new InvalidOperationException("the store is closed");

    public static async Task<StoreUnderTest> CreateAsync(
        TimeProvider time, VerificationMode verification, string? zone = null)
    {
        var databases = await StoreDatabases.CurrentAsync();
        var redis = await TestContext.Current.GetFixture<SharedRedis>()
            ?? throw new InvalidOperationException("the assembly has no Redis");
        var created = new RedisStoreUnderTest(databases, await databases.RentAsync(), redis.Url, time, verification);
        if (zone is not null)
        {
            created._schemaChanged = true;
            await created._database.SetTimeZoneAsync(zone);
        }

        await created.OpenAsync();
        return created;
    }

    public override async Task<IDeliveryQueue?> OpenNodeAsync()
    {
        var node = await RedisQueue.OpenAsync(
            _options ?? throw new InvalidOperationException("the queue is closed"), _time, NullLoggerFactory.Instance);
        await node.AttachAsync(Open.QueueSource, Open.Clock, TestContext.Current.CancellationToken);
        _others.Add(node);
        return node;
    }

    public override async Task ReopenAsync()
    {
        await CloseAsync();
        await OpenAsync();
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
        await CloseAsync();
        Meters.Dispose();
        if (_schemaChanged)
            await _database.DisposeAsync();
        else
            await _databases.ReturnAsync(_database);
    }

    // A trigger that refuses the row, as a constraint would that the store did not think of.
    private Task RefuseAsync(string table, string condition)
    {
        _schemaChanged = true;
        return _database.ExecuteAsync(
            $"""
            create function refuse_{table}() returns trigger language plpgsql as
            'begin raise exception ''poison'' using errcode = ''23000''; end';
            create trigger refuse_{table} before insert on {table}
            for each row when ({condition}) execute function refuse_{table}();
            """);
    }

    private async Task OpenAsync()
    {
        RedisUrl.TryParse(_redis, out var server).ShouldBeTrue();
        _options = new RedisQueueOptions
        {
            Server = server,
            Prefix = $"test-{Guid.NewGuid():N}",
            ProcessClock = true,
            LeaseGrace = TimeSpan.Zero,
            SlowPasses = false,
            WatchesNodes = false,
            Timeout = Patience.Limit,
            Meters = Meters,
        };
        _queue = await RedisQueue.OpenAsync(_options, _time, NullLoggerFactory.Instance);
        _store = await PostgresStore.OpenAsync(
            new PostgresStoreOptions
            {
                ConnectionString = StoreDatabases.ConnectionStringOf(_database.Url),
                Verification = _verification,
                Circuits = Circuits,
                Meters = Meters,
                Clock = ClockSource.Process,
            },
            new EncryptionKeyring(Keys),
            _time,
            NullLoggerFactory.Instance,
            _queue,
            TestContext.Current.CancellationToken);
        await _queue.AttachAsync(_store.QueueSource, _store.Clock, TestContext.Current.CancellationToken);
    }

    private async Task CloseAsync()
    {
        foreach (var node in _others)
            await node.DisposeAsync();
        _others.Clear();
        if (_queue is { } queue)
            await queue.DisposeAsync();
        if (_store is { } store)
            await store.DisposeAsync();
        _queue = null;
        _store = null;
    }
}
