using Hookstream.Core.Statistics;
using Microsoft.Extensions.Logging;

namespace Hookstream.Storage.Sqlite.Tests;

/// <summary>The real store on a data directory of its own, which goes with it.</summary>
internal sealed class SqliteStoreUnderTest : StoreUnderTest
{
    private readonly Func<SqliteStoreUnderTest, Task<SqliteStore>> _open;
    private SqliteStore? _store;

    private SqliteStoreUnderTest(Func<SqliteStoreUnderTest, Task<SqliteStore>> open) => _open = open;

    public TemporaryDataDirectory Data { get; } = new();

    public override ITenantStore Tenants => Open.Tenants;

    public override IEventStore Events => Open.Events;

    public override ISubscriberStore Subscribers => Open.Subscribers;

    public override IDeliveryStore Deliveries => Open.Deliveries;

    public override IDeliveryQueue Queue => Open.Queue;

    public override IStoreMaintenance Maintenance => Open.Maintenance;

    public override IStoreEncryption Encryption => Open.Encryption;

    public override IStatisticsStore Statistics => Open.Statistics;

    private SqliteStore Open => _store ?? throw new InvalidOperationException("the store is closed");

    public static async Task<StoreUnderTest> CreateAsync(
        TimeProvider time,
        VerificationMode verification,
        Func<SqliteStoreOptions, SqliteStoreOptions>? configure = null,
        ILoggerFactory? loggers = null)
    {
        var created = new SqliteStoreUnderTest(test => test.Data.OpenAsync(
            time,
            configure: options => (configure?.Invoke(options) ?? options) with { Verification = verification, Circuits = Circuits, Meters = test.Meters },
            loggers: loggers));
        created._store = await created.OpenAsync();
        return created;
    }

    public override async Task ReopenAsync()
    {
        await CloseAsync();
        _store = await OpenAsync();
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
        Meters.Dispose();
        Data.Dispose();
    }

    // The directory's too, so that whoever opens a copy of it has the keys.
    private Task<SqliteStore> OpenAsync()
    {
        Data.Keyring = new EncryptionKeyring(Keys);
        return _open(this);
    }

    private async Task CloseAsync()
    {
        if (_store is { } store)
            await store.DisposeAsync();
        _store = null;
    }

    // A constraint that the row breaks, as one that the store did not think of would be broken.
    private void Refuse(string table, string condition) => Data.Execute(
        $"""
        create trigger refuse_{table} before insert on {table}
        when {condition}
        begin
            select raise(abort, 'poison');
        end
        """);
}
