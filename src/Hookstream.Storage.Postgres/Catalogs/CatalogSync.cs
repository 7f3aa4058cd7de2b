using System.Collections.Concurrent;
using Hookstream.Storage.Postgres.Subscribers;
using Hookstream.Storage.Postgres.Writing;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace Hookstream.Storage.Postgres.Catalogs;

/// <summary>
/// Keeps what this node knows of tenants, keys and subscribers as the store has it. Every change moves its tenant's version on;
/// a tenant whose version is not the one known is read anew. Whoever changes something reads it anew at once; what other nodes
/// change is noticed by looking twice a second, and sooner where they say so.
/// </summary>
internal sealed class CatalogSync(
    Sessions sessions,
    TenantCatalog tenants,
    SubscriberCatalog subscribers,
    CatalogReading reading,
    LaneSet lanes,
    StoreClock clock,
    ILogger logger) : ICatalogRefresh, IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(400);

    // A change is committed a moment after it was stamped; no transaction of ours takes this long.
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(15);

    private const string Changed = "select no, version from tenants where changed_at >= $1";

    private const string VersionOf = "select no, version from tenants where no = $1";

    private const string NumberOf = "select no from tenants where id = $1";

    private const string TenantOfKey = "select tenant from api_keys where hash = $1";

    private readonly ConcurrentDictionary<long, long> _versions = new();
    private readonly SemaphoreSlim _oneReload = new(1);
    private readonly CancellationTokenSource _stopping = new();
    private DateTimeOffset _lookedAt = DateTimeOffset.MinValue;
    private Task _looking = Task.CompletedTask;

    /// <summary>Reads everything, and goes on looking until disposed.</summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        var at = clock.GetUtcNow();
        var all = await reading.ReadAllAsync(cancellation);
        // Before any key is known: a tenant that is set looks through all keys for its own.
        all.ForEach(tenant => tenants.Set(tenant.Entry));
        foreach (var tenant in all)
        {
            foreach (var (hash, key) in tenant.Keys)
                tenants.SetKey(hash, new Principal(tenant.Entry.Tenant, key));
            PublishSubscribers(tenant);
        }

        _lookedAt = at;
        _looking = Task.Run(RunAsync, CancellationToken.None);
    }

    public async Task EnsureCurrentAsync(long tenantNo, CancellationToken cancellation) =>
        await ReloadChangedAsync(
            await sessions.General.ReadAsync(
                connection => connection.Command(VersionOf).Bind(tenantNo).ReadAllAsync(ReadVersion, cancellation), cancellation),
            cancellation);

    /// <summary>The tenant, asked of the store when this node does not know it; null when there is none.</summary>
    public async ValueTask<TenantEntry?> FindTenantAsync(TenantId id, CancellationToken cancellation)
    {
        if (tenants.TryGet(id, out var known))
            return known;
        var numbers = await sessions.General.ReadAsync(
            connection => connection.Command(NumberOf).Bind(id.Value).ReadAllAsync(row => row.GetInt64(0), cancellation),
            cancellation);
        foreach (var no in numbers)
            await EnsureCurrentAsync(no, cancellation);
        return tenants.TryGet(id, out known) ? known : null;
    }

    /// <summary>Asks the store for a key that this node does not know.</summary>
    public async Task LookUpKeyAsync(KeyHash hash, CancellationToken cancellation)
    {
        var numbers = await sessions.General.ReadAsync(
            connection => connection.Command(TenantOfKey)
                .Bind(NpgsqlDbType.Bytea, hash.ToBytes())
                .ReadAllAsync(row => row.GetInt64(0), cancellation),
            cancellation);
        foreach (var no in numbers)
            await EnsureCurrentAsync(no, cancellation);
    }

    /// <summary>Looks for what other nodes have changed.</summary>
    public async Task LookAsync(CancellationToken cancellation)
    {
        var since = _lookedAt == DateTimeOffset.MinValue ? _lookedAt : _lookedAt - Overlap;
        var at = DateTimeOffset.MinValue;
        var versions = await sessions.General.ReadAsync(
            async connection =>
            {
                await clock.SynchronizeAsync(connection, cancellation);
                at = clock.GetUtcNow();
                return await connection.Command(Changed).Bind(since).ReadAllAsync(ReadVersion, cancellation);
            },
            cancellation);
        await ReloadChangedAsync(versions, cancellation);
        _lookedAt = at;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _looking;
        _stopping.Dispose();
        _oneReload.Dispose();
    }

    private static (long No, long Version) ReadVersion(NpgsqlDataReader row) => (row.GetInt64(0), row.GetInt64(1));

    private async Task RunAsync()
    {
        var failing = false;
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(Interval, clock, _stopping.Token);
                await LookAsync(_stopping.Token);
                if (failing)
                    Log.CatalogResumed(logger);
                failing = false;
            }
            catch (Exception exception) when (!_stopping.IsCancellationRequested)
            {
                // Said once per outage.
                if (!failing)
                    Log.CatalogStalled(logger, exception);
                failing = true;
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task ReloadChangedAsync(List<(long No, long Version)> versions, CancellationToken cancellation)
    {
        foreach (var (no, version) in versions)
        {
            if (_versions.TryGetValue(no, out var known) && known >= version)
                continue;
            await _oneReload.WaitAsync(cancellation);
            try
            {
                await ReloadAsync(no, cancellation);
            }
            finally
            {
                _oneReload.Release();
            }
        }
    }

    private async Task ReloadAsync(long no, CancellationToken cancellation)
    {
        if (await reading.ReadAsync(no, cancellation) is not { } tenant)
            return;
        if (tenant.Deleted)
        {
            tenants.Remove(tenant.Entry.Tenant.Id);
        }
        else
        {
            tenants.Set(tenant.Entry);
            tenants.SetKeys(tenant.Entry.Tenant, tenant.Keys);
        }

        PublishSubscribers(tenant);
    }

    private void PublishSubscribers(TenantContent tenant)
    {
        var changed = new List<SubscriberEntry>();
        var current = tenant.Subscribers.Select(row => Enter(row, changed)).ToList();
        PublishGates(subscribers.Replace(tenant.Entry.No, tenant.Version, current));
        PublishGates(changed);
        _versions[tenant.Entry.No] = tenant.Version;
    }

    // A lane hangs on each entry, so those that are known stay and get what is new.
    private SubscriberEntry Enter(SubscriberRow row, List<SubscriberEntry> changed)
    {
        if (!subscribers.TryGet(row.No, out var entry))
            return new SubscriberEntry(row.No, row.TenantNo, row.Snapshot, row.Cancelling);
        var (gate, rate) = (entry.Subscriber.Gate, entry.Subscriber.Settings.RateLimitPerSecond);
        // It is blocked in memory too, without a version, and maybe since the row was read.
        entry.Change(known => row.Snapshot with
        {
            Subscriber = row.Subscriber with { Gate = row.Subscriber.Gate.Blocked(known.Subscriber.Gate.BlockedUntil) },
        });
        if (entry.Subscriber.Gate != gate || entry.Subscriber.Settings.RateLimitPerSecond != rate || entry.Cancelling != row.Cancelling)
            changed.Add(entry);
        entry.Cancelling = row.Cancelling;
        return entry;
    }

    private void PublishGates(IReadOnlyList<SubscriberEntry> entries)
    {
        foreach (var entry in entries)
            lanes.GateChanged(entry.Lane);
    }
}
