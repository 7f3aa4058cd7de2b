using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hookstream.Storage.Sqlite.Tests;

/// <summary>The real store on a data directory of its own, which goes with it.</summary>
internal sealed class SqliteStoreUnderTest : StoreUnderTest
{
    private readonly SqliteStoreOptions _options;
    private readonly EncryptionKeyring _keyring;
    private readonly TimeProvider _time;
    private SqliteStore? _store;

    private SqliteStoreUnderTest(SqliteStoreOptions options, EncryptionKeyring keyring, TimeProvider time)
    {
        _options = options;
        _keyring = keyring;
        _time = time;
    }

    public override ITenantStore Tenants => Open.Tenants;

    public override IEventStore Events => Open.Events;

    public override ISubscriberStore Subscribers => Open.Subscribers;

    public override IDeliveryStore Deliveries => Open.Deliveries;

    public override IDeliveryQueue Queue => Open.Queue;

    public override IStoreMaintenance Maintenance => Open.Maintenance;

    private SqliteStore Open => _store ?? throw new InvalidOperationException("the store is closed");

    public static async Task<StoreUnderTest> CreateAsync(TimeProvider time, VerificationMode verification)
    {
        var options = new SqliteStoreOptions
        {
            Directory = Directory.CreateTempSubdirectory("hookstream-sqlite-").FullName,
            Verification = verification,
        };
        var keyring = new EncryptionKeyring([RandomNumberGenerator.GetBytes(EncryptionKeyring.KeyLength)]);
        var created = new SqliteStoreUnderTest(options, keyring, time);
        await created.OpenAsync();
        return created;
    }

    public override async Task ReopenAsync()
    {
        await CloseAsync();
        await OpenAsync();
    }

    public override Task<NewEvent?> MakePoisonousAsync(NewEvent model)
    {
        EventType.TryParse("order.poisonous", out var type).ShouldBeTrue();
        Refuse("events", $"new.type = '{type}'");
        return Task.FromResult<NewEvent?>(model with { Type = type });
    }

    public override Task<Attempt?> MakePoisonousAsync(Attempt model)
    {
        Refuse("attempts", $"new.id = x'{Convert.ToHexString(model.Id.Value.ToByteArray(bigEndian: true))}'");
        return Task.FromResult<Attempt?>(model);
    }

    public override async ValueTask DisposeAsync()
    {
        await CloseAsync();
        Directory.Delete(_options.Directory, recursive: true);
    }

    private async Task OpenAsync() =>
        _store = await SqliteStore.OpenAsync(_options, _keyring, _time, NullLoggerFactory.Instance, CancellationToken.None);

    private async Task CloseAsync()
    {
        if (_store is { } store)
            await store.DisposeAsync();
        _store = null;
    }

    // A constraint that the row breaks, as one that the store did not think of would be broken.
    private void Refuse(string table, string condition)
    {
        using var connection = new SqliteConnection(
            $"Data Source={Path.Combine(_options.Directory, "hookstream.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = string.Create(
            CultureInfo.InvariantCulture,
            $"create trigger refuse_{table} before insert on {table} when {condition} begin select raise(abort, 'poison'); end");
        command.ExecuteNonQuery();
    }
}
