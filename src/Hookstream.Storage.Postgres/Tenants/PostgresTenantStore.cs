using Hookstream.Core.Paging;
using Hookstream.Storage.Postgres.Catalogs;
using Hookstream.Storage.Postgres.Queueing;
using Npgsql;
using NpgsqlTypes;

namespace Hookstream.Storage.Postgres.Tenants;

internal sealed class PostgresTenantStore(
    Sessions sessions,
    CatalogSync sync,
    CatalogWriting writing,
    TenantCatalog catalog,
    SubscriberCatalog subscribers,
    DefaultTenant defaults,
    EndpointHolds holds,
    KeyUses uses,
    StoreClock clock) : ITenantStore
{
    private const string Lock = $"select {TenantRows.Columns} from tenants where no = $1 and deleted_at is null for update";

    private const string Update =
        """
        update tenants
        set external_id = $2, name = $3, metadata = $4, suspended = $5, updated_at = $6
        where no = $1
        """;

    private const string DeleteSubscribers =
        """
        update subscribers
        set deleted_at = $2, cancelling = true, cancelling_since = $2, challenge_due_at = null
        where tenant = $1 and deleted_at is null
        """;

    // Primary keys are by time, so the newest page is the last.
    internal const string List =
        $"""
        select {TenantRows.Columns}
        from tenants
        where deleted_at is null and ($1::uuid is null or id < $1)
        order by id desc
        limit $2
        """;

    // Index: api_keys_tenant.
    internal const string ListKeys =
        $"""
        select {TenantRows.KeyColumns}
        from api_keys
        where tenant = $1 and ($2::uuid is null or id < $2)
        order by id desc
        limit $3
        """;

    private const string IsConfigured = "select configured from api_keys where id = $1 and tenant = $2 for update";

    private readonly UnknownKeys _unknownKeys = new(clock);

    public async Task<TenantOutcome> CreateAsync(TenantSettings settings, CancellationToken cancellation)
    {
        try
        {
            var created = await sessions.General.ChangeAsync(
                connection => TenantWriting.InsertAsync(connection, settings, clock, cancellation), cancellation);
            await writing.PublishAsync(created.No);
            return new TenantOutcome(created.Tenant, Conflict: false);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return new TenantOutcome(null, Conflict: true);
        }
    }

    public async ValueTask<Tenant?> FindAsync(TenantId id, CancellationToken cancellation) =>
        (await sync.FindTenantAsync(id, cancellation))?.Tenant;

    public async ValueTask<Tenant?> FindByExternalIdAsync(string externalId, CancellationToken cancellation)
    {
        if (!catalog.TryGet(externalId, out _))
            await sync.LookAsync(cancellation);
        return catalog.TryGet(externalId, out var entry) ? entry.Tenant : null;
    }

    public async Task<Page<Tenant>> ListAsync(PageRequest page, CancellationToken cancellation)
    {
        var listed = await sessions.General.ReadAsync(
            connection => connection.Command(List)
                .Bind(page.After)
                .Bind(page.Limit + 1L)
                .ReadAllAsync(row => TenantRows.Read(row).Tenant, cancellation),
            cancellation);
        return Pages.Of(listed, page.Limit, tenant => tenant.Id.Value);
    }

    public async Task<TenantOutcome> UpdateAsync(
        TenantId id, Func<TenantSettings, TenantSettings> change, CancellationToken cancellation)
    {
        if (await sync.FindTenantAsync(id, cancellation) is not { } owner)
            return default;
        try
        {
            return await writing.ChangeAsync<TenantOutcome>(
                owner.No,
                shuts: false,
                async connection =>
                {
                    var found = await connection.Command(Lock).Bind(owner.No).ReadAllAsync(TenantRows.Read, cancellation);
                    return found is [var entry]
                        ? (true, new TenantOutcome(await ChangeAsync(connection, entry, change, cancellation), Conflict: false))
                        : (false, default);
                },
                cancellation);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return new TenantOutcome(null, Conflict: true);
        }
    }

    public async Task<RemovalOutcome> DeleteAsync(TenantId id, CancellationToken cancellation)
    {
        if (await sync.FindTenantAsync(id, cancellation) is not { } owner)
            return RemovalOutcome.NotFound;
        await sync.EnsureCurrentAsync(owner.No, cancellation);
        var endpoints = subscribers.Of(owner.No).Entries.Select(entry => entry.No).ToList();
        var outcome = await writing.ChangeAsync(
            owner.No, shuts: true, connection => DeleteAsync(connection, owner.No, cancellation), cancellation);
        if (outcome == RemovalOutcome.Removed)
            await holds.PublishAsync(endpoints, cancellation);
        return outcome;
    }

    public async Task<ApiKey?> CreateKeyAsync(TenantId tenant, NewApiKey key, CancellationToken cancellation)
    {
        if (await sync.FindTenantAsync(tenant, cancellation) is not { } owner)
            return null;
        return await writing.ChangeAsync<ApiKey?>(
            owner.No,
            shuts: false,
            async connection =>
            {
                var found = await connection.Command(Lock).Bind(owner.No).ReadAllAsync(TenantRows.Read, cancellation);
                return found is [var entry]
                    ? (true, await TenantWriting.InsertKeyAsync(connection, entry, key, configured: false, clock, cancellation))
                    : (false, null);
            },
            cancellation);
    }

    public async Task<Page<ApiKey>> ListKeysAsync(TenantId tenant, PageRequest page, CancellationToken cancellation)
    {
        if (await sync.FindTenantAsync(tenant, cancellation) is not { } owner)
            return new Page<ApiKey>([], null);
        var listed = await sessions.General.ReadAsync(
            connection => connection.Command(ListKeys)
                .Bind(owner.No)
                .Bind(page.After)
                .Bind(page.Limit + 1L)
                .ReadAllAsync(row => TenantRows.ReadKey(row, tenant), cancellation),
            cancellation);
        return Pages.Of(listed, page.Limit, key => key.Id.Value);
    }

    public async Task<RemovalOutcome> RevokeKeyAsync(TenantId tenant, ApiKeyId id, CancellationToken cancellation)
    {
        if (await sync.FindTenantAsync(tenant, cancellation) is not { } owner)
            return RemovalOutcome.NotFound;
        return await writing.ChangeAsync(
            owner.No,
            shuts: false,
            async connection =>
            {
                var configured = await connection.Command(IsConfigured)
                    .Bind(id.Value)
                    .Bind(owner.No)
                    .ReadAllAsync(row => row.GetBoolean(0), cancellation);
                if (configured is not [var isConfigured])
                    return (false, RemovalOutcome.NotFound);
                if (isConfigured)
                    return (false, RemovalOutcome.Configured);
                await connection.Command("delete from api_keys where id = $1").Bind(id.Value).RunAsync(cancellation);
                return (true, RemovalOutcome.Removed);
            },
            cancellation);
    }

    public ValueTask<Principal?> AuthenticateAsync(KeyHash hash, CancellationToken cancellation) =>
        catalog.TryGet(hash, out var key)
            ? ValueTask.FromResult(Use(key))
            : LookUpAsync(hash, cancellation);

    public async Task<Tenant> EnsureDefaultAsync(KeyHash? configuredToken, CancellationToken cancellation)
    {
        var (entry, changed) = await defaults.EnsureAsync(configuredToken, cancellation);
        foreach (var no in changed)
            await writing.PublishAsync(no);
        return entry.Tenant;
    }

    private async ValueTask<Principal?> LookUpAsync(KeyHash hash, CancellationToken cancellation)
    {
        if (!_unknownKeys.MayAsk(hash))
            return null;
        await sync.LookUpKeyAsync(hash, cancellation);
        return catalog.TryGet(hash, out var key) ? Use(key) : null;
    }

    private Principal? Use(KeyEntry key)
    {
        var now = clock.GetUtcNow();
        if (key.Principal.Key.ExpiresAt is { } expiry && expiry <= now)
            return null;
        if (key.Use(now))
            uses.Note(key.Principal.Key.Id, now);
        return key.Principal;
    }

    private async Task<Tenant> ChangeAsync(
        NpgsqlConnection connection,
        TenantEntry entry,
        Func<TenantSettings, TenantSettings> change,
        CancellationToken cancellation)
    {
        var tenant = entry.Tenant;
        var settings = change(new TenantSettings(tenant.Name, tenant.ExternalId, tenant.Metadata, tenant.Suspended));
        var changed = tenant with
        {
            Name = settings.Name,
            ExternalId = settings.ExternalId,
            Metadata = settings.Metadata,
            Suspended = settings.Suspended,
            UpdatedAt = clock.Now(),
        };
        await connection.Command(Update)
            .Bind(entry.No)
            .Bind(settings.ExternalId)
            .Bind(settings.Name)
            .Bind(settings.Metadata)
            .Bind(NpgsqlDbType.Boolean, settings.Suspended)
            .Bind(changed.UpdatedAt)
            .RunAsync(cancellation);
        return changed;
    }

    private async Task<(bool Changed, RemovalOutcome Answer)> DeleteAsync(
        NpgsqlConnection connection, long no, CancellationToken cancellation)
    {
        var found = await connection.Command(Lock).Bind(no).ReadAllAsync(TenantRows.Read, cancellation);
        if (found.Count == 0)
            return (false, RemovalOutcome.NotFound);
        if ((await DefaultTenant.FindAsync(connection, cancellation))?.No == no)
            return (false, RemovalOutcome.Configured);
        await connection.Command("update tenants set deleted_at = $2 where no = $1").Bind(no).Bind(clock.Now()).RunAsync(cancellation);
        await connection.Command("delete from api_keys where tenant = $1").Bind(no).RunAsync(cancellation);
        await connection.Command(DeleteSubscribers).Bind(no).Bind(clock.Now()).RunAsync(cancellation);
        return (true, RemovalOutcome.Removed);
    }
}
