using Hookstream.Storage.Postgres.Tests.Databases;
using Hookstream.TestServers.Postgres;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Hookstream.Storage.Postgres.Tests;

/// <summary>The real store on a database of its own, which goes with it. The test's clock decides.</summary>
internal sealed class PostgresStoreUnderTest : StoreUnderTest
{
    private readonly PostgresDatabase _database;
    private readonly Func<PostgresDatabase, Task<PostgresStore>> _open;
    private PostgresStore? _store;

    private PostgresStoreUnderTest(PostgresDatabase database, Func<PostgresDatabase, Task<PostgresStore>> open)
    {
        _database = database;
        _open = open;
    }

    public override ITenantStore Tenants => Open.Tenants;

    public override IEventStore Events => Open.Events;

    public override ISubscriberStore Subscribers => Open.Subscribers;

    public override IDeliveryStore Deliveries => Open.Deliveries;

    public override IDeliveryQueue Queue => Open.Queue;

    public override IStoreMaintenance Maintenance => Open.Maintenance;

    private PostgresStore Open => _store ?? throw new InvalidOperationException("the store is closed");

    public static async Task<StoreUnderTest> CreateAsync(
        TimeProvider time, VerificationMode verification, ILoggerFactory? loggers = null)
    {
        var databases = await StoreDatabases.CurrentAsync();
        var keyring = new EncryptionKeyring([new byte[EncryptionKeyring.KeyLength]]);
        var created = new PostgresStoreUnderTest(
            await databases.CreateAsync(),
            database => PostgresStore.OpenAsync(
                new PostgresStoreOptions
                {
                    ConnectionString = StoreDatabases.ConnectionStringOf(database.Url),
                    Verification = verification,
                    Clock = ClockSource.Process,
                },
                keyring,
                time,
                loggers ?? NullLoggerFactory.Instance,
                mirror: null,
                TestContext.Current.CancellationToken));
        created._store = await created._open(created._database);
        return created;
    }

    public override async Task ReopenAsync()
    {
        await CloseAsync();
        _store = await _open(_database);
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
        await _database.DisposeAsync();
    }

    private async Task CloseAsync()
    {
        if (_store is { } store)
            await store.DisposeAsync();
        _store = null;
    }

    // A constraint that the row breaks, as one that the store did not think of would be broken.
    private async Task RefuseAsync(string table, string condition)
    {
        await using var connection = new NpgsqlConnection(StoreDatabases.ConnectionStringOf(_database.Url) + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            $"""
            create function refuse_{table}() returns trigger language plpgsql as $$
            begin
                raise exception 'poison' using errcode = '23000';
            end
            $$;
            create trigger refuse_{table} before insert on {table} for each row when ({condition})
            execute function refuse_{table}();
            """,
            connection);
        await command.ExecuteNonQueryAsync();
    }
}
