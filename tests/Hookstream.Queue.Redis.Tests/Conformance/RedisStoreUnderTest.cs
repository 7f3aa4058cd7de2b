using Hookstream.Conformance.Stores;
using Hookstream.Core.Encryption;
using Hookstream.Core.Events;
using Hookstream.Core.Stores;
using Hookstream.Storage.Postgres;
using Hookstream.TestServers.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Hookstream.Queue.Redis.Tests.Conformance;

/// <summary>
/// PostgreSQL with the queue in Redis: a database and keys of their own. The test's clock decides. Opened again, it finds Redis
/// without any of its keys, and so without the leases of the process before.
/// </summary>
internal sealed class RedisStoreUnderTest : StoreUnderTest
{
    private readonly PostgresDatabase _database;
    private readonly string _redis;
    private readonly TimeProvider _time;
    private readonly VerificationMode _verification;
    private RedisQueue? _queue;
    private PostgresStore? _store;

    private RedisStoreUnderTest(
        PostgresDatabase database, string redis, TimeProvider time, VerificationMode verification)
    {
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

    private PostgresStore Open => _store ?? throw new InvalidOperationException("the store is closed");

    public static async Task<StoreUnderTest> CreateAsync(TimeProvider time, VerificationMode verification)
    {
        var databases = await TestContext.Current.GetFixture<StoreDatabases>()
            ?? throw new InvalidOperationException("the assembly has no databases");
        var redis = await TestContext.Current.GetFixture<SharedRedis>()
            ?? throw new InvalidOperationException("the assembly has no Redis");
        var created = new RedisStoreUnderTest(await databases.CreateAsync(), redis.Url, time, verification);
        await created.OpenAsync();
        return created;
    }

    public override async Task ReopenAsync()
    {
        await CloseAsync();
        await OpenAsync();
    }

    public override async Task<Attempt?> MakePoisonousAsync(Attempt model)
    {
        // A trigger that refuses the row, as a constraint would that the store did not think of.
        await using var connection = new NpgsqlConnection(StoreDatabases.ConnectionStringOf(_database.Url) + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            $"""
            create function refuse_attempts() returns trigger language plpgsql as $$
            begin
                raise exception 'poison' using errcode = '23000';
            end
            $$;
            create trigger refuse_attempts before insert on attempts for each row when (new.id = '{model.Id.Value}')
            execute function refuse_attempts();
            """,
            connection);
        await command.ExecuteNonQueryAsync();
        return model;
    }

    public override async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await _database.DisposeAsync();
    }

    private async Task OpenAsync()
    {
        RedisUrl.TryParse(_redis, out var server).ShouldBeTrue();
        _queue = await RedisQueue.OpenAsync(
            new RedisQueueOptions
            {
                Server = server,
                Prefix = $"test-{Guid.NewGuid():N}",
                ProcessClock = true,
                LeaseGrace = TimeSpan.Zero,
                SlowPasses = false,
            },
            _time,
            NullLoggerFactory.Instance);
        _store = await PostgresStore.OpenAsync(
            new PostgresStoreOptions
            {
                ConnectionString = StoreDatabases.ConnectionStringOf(_database.Url),
                Verification = _verification,
                Clock = ClockSource.Process,
            },
            new EncryptionKeyring([new byte[EncryptionKeyring.KeyLength]]),
            _time,
            NullLoggerFactory.Instance,
            _queue,
            TestContext.Current.CancellationToken);
        await _queue.AttachAsync(_store.QueueSource, _store.Clock, TestContext.Current.CancellationToken);
    }

    private async Task CloseAsync()
    {
        if (_queue is { } queue)
            await queue.DisposeAsync();
        if (_store is { } store)
            await store.DisposeAsync();
        _queue = null;
        _store = null;
    }
}
