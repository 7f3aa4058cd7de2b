using Hookstream.Core.Paging;
using Hookstream.Storage.Sqlite.Subscribers;

namespace Hookstream.Storage.Sqlite.Tenants;

internal sealed class SqliteTenantStore(
    GroupCommit writer,
    ReaderPool readers,
    TenantCatalog catalog,
    SubscriberRemoval subscribers,
    TimeProvider time) : ITenantStore
{
    private const string Insert =
        """
        insert into tenants (id, external_id, name, metadata, suspended, created_at, updated_at)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?6)
        returning no
        """;

    private const string Update =
        """
        update tenants
        set external_id = ?2, name = ?3, metadata = ?4, suspended = ?5, updated_at = ?6
        where no = ?1
        """;

    private const string InsertKey =
        """
        insert into api_keys (id, tenant, name, prefix, scopes, hash, configured, expires_at, created_at)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
        """;

    private const string Default =
        $"""
        select {TenantRows.Columns}
        from (
            select *, no in (select tenant from api_keys where configured = 1) as has_token
            from tenants
            where deleted_at is null
        )
        where has_token or name = ?1
        order by has_token desc, no
        limit 1
        """;

    // Primary keys are by time, so the newest page is the last.
    internal const string List =
        $"""
        select {TenantRows.Columns}
        from tenants
        where deleted_at is null and (?1 is null or id < ?1)
        order by id desc
        limit ?2
        """;

    // Index: api_keys_tenant.
    internal const string ListKeys =
        $"""
        select {TenantRows.KeyColumns}
        from api_keys
        where tenant = ?1 and (?2 is null or id < ?2)
        order by id desc
        limit ?3
        """;

    public Task<TenantOutcome> CreateAsync(TenantSettings settings, CancellationToken cancellation)
    {
        TenantEntry? created = null;
        return writer.WriteAsync(
            database =>
            {
                created = null;
                if (IsTaken(database, settings.ExternalId, except: -1))
                    return new TenantOutcome(null, Conflict: true);
                created = InsertTenant(database, settings);
                return new TenantOutcome(created.Tenant, Conflict: false);
            },
            _ => Publish(created));
    }

    public ValueTask<Tenant?> FindAsync(TenantId id, CancellationToken cancellation) =>
        ValueTask.FromResult(catalog.TryGet(id, out var entry) ? entry.Tenant : null);

    public ValueTask<Tenant?> FindByExternalIdAsync(string externalId, CancellationToken cancellation) =>
        ValueTask.FromResult(catalog.TryGet(externalId, out var entry) ? entry.Tenant : null);

    public Task<Page<Tenant>> ListAsync(PageRequest page, CancellationToken cancellation) =>
        readers.ReadAsync(
            database => database.Prepare(List)
                .Bind(1, page.After)
                .Bind(2, page.Limit + 1L)
                .ReadPage(page.Limit, row => TenantRows.Read(row).Tenant, tenant => tenant.Id.Value),
            cancellation);

    public Task<TenantOutcome> UpdateAsync(
        TenantId id, Func<TenantSettings, TenantSettings> change, CancellationToken cancellation)
    {
        TenantEntry? changed = null;
        return writer.WriteAsync(
            database =>
            {
                changed = null;
                if (!catalog.TryGet(id, out var entry))
                    return default;
                var tenant = entry.Tenant;
                var settings = change(new TenantSettings(
                    tenant.Name, tenant.ExternalId, tenant.Metadata, tenant.Suspended));
                if (IsTaken(database, settings.ExternalId, entry.No))
                    return new TenantOutcome(null, Conflict: true);
                changed = entry with
                {
                    Tenant = tenant with
                    {
                        Name = settings.Name,
                        ExternalId = settings.ExternalId,
                        Metadata = settings.Metadata,
                        Suspended = settings.Suspended,
                        UpdatedAt = time.Now(),
                    },
                };
                database.Prepare(Update)
                    .Bind(1, entry.No)
                    .Bind(2, settings.ExternalId)
                    .Bind(3, settings.Name)
                    .Bind(4, settings.Metadata)
                    .Bind(5, settings.Suspended)
                    .Bind(6, changed.Tenant.UpdatedAt)
                    .Run();
                return new TenantOutcome(changed.Tenant, Conflict: false);
            },
            _ => Publish(changed));
    }

    public Task<RemovalOutcome> DeleteAsync(TenantId id, CancellationToken cancellation) =>
        writer.WriteAsync(
            database =>
            {
                if (!catalog.TryGet(id, out var entry))
                    return RemovalOutcome.NotFound;
                if (FindDefault(database)?.No == entry.No)
                    return RemovalOutcome.Configured;
                database.Prepare("update tenants set deleted_at = ?2 where no = ?1").Bind(1, entry.No).Bind(2, time.Now()).Run();
                database.Prepare("delete from api_keys where tenant = ?1").Bind(1, entry.No).Run();
                subscribers.RemoveAllOf(database, entry.No);
                return RemovalOutcome.Removed;
            },
            outcome =>
            {
                if (outcome != RemovalOutcome.Removed || !catalog.TryGet(id, out var entry))
                    return;
                catalog.Remove(id);
                subscribers.PublishRemovalOf(entry.No);
            });

    public Task<ApiKey?> CreateKeyAsync(TenantId tenant, NewApiKey key, CancellationToken cancellation)
    {
        Principal? created = null;
        return writer.WriteAsync(
            database =>
            {
                created = catalog.TryGet(tenant, out var entry)
                    ? InsertKeyOf(database, entry, key, configured: false)
                    : null;
                return created?.Key;
            },
            _ =>
            {
                if (created is not null)
                    catalog.SetKey(key.Hash, created);
            });
    }

    public Task<Page<ApiKey>> ListKeysAsync(TenantId tenant, PageRequest page, CancellationToken cancellation) =>
        !catalog.TryGet(tenant, out var entry)
            ? Task.FromResult(new Page<ApiKey>([], null))
            : readers.ReadAsync(
                database => database.Prepare(ListKeys)
                    .Bind(1, entry.No)
                    .Bind(2, page.After)
                    .Bind(3, page.Limit + 1L)
                    .ReadPage(page.Limit, row => TenantRows.ReadKey(row, tenant), key => key.Id.Value),
                cancellation);

    public Task<RemovalOutcome> RevokeKeyAsync(TenantId tenant, ApiKeyId id, CancellationToken cancellation) =>
        writer.WriteAsync(
            database =>
            {
                if (!catalog.TryGet(tenant, out var entry) || IsConfigured(database, entry, id) is not { } configured)
                    return RemovalOutcome.NotFound;
                if (configured)
                    return RemovalOutcome.Configured;
                database.Prepare("delete from api_keys where id = ?1").Bind(1, id.Value).Run();
                return RemovalOutcome.Removed;
            },
            outcome =>
            {
                if (outcome == RemovalOutcome.Removed)
                    catalog.RemoveKey(id);
            });

    public ValueTask<Principal?> AuthenticateAsync(KeyHash hash, CancellationToken cancellation)
    {
        if (!catalog.TryGet(hash, out var key))
            return ValueTask.FromResult<Principal?>(null);
        var now = time.GetUtcNow();
        if (key.Principal.Key.ExpiresAt is { } expiry && expiry <= now)
            return ValueTask.FromResult<Principal?>(null);
        if (key.Use(now))
            writer.Enqueue(new KeyUse(key.Principal.Key.Id, now));
        return ValueTask.FromResult<Principal?>(key.Principal);
    }

    public Task<Tenant> EnsureDefaultAsync(KeyHash? configuredToken, CancellationToken cancellation)
    {
        TenantEntry? entry = null;
        Principal? principal = null;
        var revoked = new List<ApiKeyId>();
        return writer.WriteAsync(
            database =>
            {
                entry = FindDefault(database) ?? InsertTenant(
                    database, new TenantSettings(Tenant.DefaultName, null, null, Suspended: false));
                principal = configuredToken is { } token ? Configure(database, entry, token, revoked) : null;
                return entry.Tenant;
            },
            _ =>
            {
                Publish(entry);
                revoked.ForEach(catalog.RemoveKey);
                if (principal is not null)
                    catalog.SetKey(configuredToken!.Value, principal);
            });
    }

    private static TenantEntry? FindDefault(DatabaseConnection database) =>
        database.Prepare(Default).Bind(1, Tenant.DefaultName).Scalar(TenantRows.Read);

    private static bool? IsConfigured(DatabaseConnection database, TenantEntry entry, ApiKeyId key) =>
        database.Prepare("select configured from api_keys where id = ?1 and tenant = ?2")
            .Bind(1, key.Value)
            .Bind(2, entry.No)
            .Scalar<bool?>(row => row.Boolean(0));

    private static bool IsTaken(DatabaseConnection database, string? externalId, long except) =>
        externalId is not null
        && database.Prepare("select 1 from tenants where external_id = ?1 and deleted_at is null and no <> ?2")
            .Bind(1, externalId)
            .Bind(2, except)
            .Scalar(_ => true);

    private Principal? Configure(
        DatabaseConnection database, TenantEntry entry, KeyHash token, List<ApiKeyId> revoked)
    {
        revoked.Clear();
        var known = false;
        var keys = database.Prepare("select id, hash from api_keys where configured = 1");
        while (keys.Step())
        {
            if (KeyHash.FromBytes(keys.Blob(1)) == token)
                known = true;
            else
                revoked.Add(new ApiKeyId(keys.Guid(0)));
        }

        foreach (var id in revoked)
            database.Prepare("delete from api_keys where id = ?1").Bind(1, id.Value).Run();
        return known
            ? null
            : InsertKeyOf(database, entry, new NewApiKey("API_TOKEN", "configured", KeyScopes.All, null, token), true);
    }

    private Principal InsertKeyOf(DatabaseConnection database, TenantEntry entry, NewApiKey key, bool configured)
    {
        var now = time.Now();
        var id = ApiKeyId.New(now);
        database.Prepare(InsertKey)
            .Bind(1, id.Value)
            .Bind(2, entry.No)
            .Bind(3, key.Name)
            .Bind(4, key.Prefix)
            .Bind(5, (long)key.Scopes)
            .Bind(6, key.Hash.ToBytes())
            .Bind(7, configured)
            .Bind(8, key.ExpiresAt)
            .Bind(9, now)
            .Run();
        return new Principal(
            entry.Tenant,
            new ApiKey(id, entry.Tenant.Id, key.Name, key.Prefix, key.Scopes, key.ExpiresAt, null, now));
    }

    private TenantEntry InsertTenant(DatabaseConnection database, TenantSettings settings)
    {
        var now = time.Now();
        var tenant = new Tenant(
            TenantId.New(now), settings.ExternalId, settings.Name, settings.Metadata, settings.Suspended, now, now);
        var no = database.Prepare(Insert)
            .Bind(1, tenant.Id.Value)
            .Bind(2, tenant.ExternalId)
            .Bind(3, tenant.Name)
            .Bind(4, tenant.Metadata)
            .Bind(5, tenant.Suspended)
            .Bind(6, now)
            .Scalar(row => row.Int64(0));
        return new TenantEntry(no, tenant);
    }

    private void Publish(TenantEntry? entry)
    {
        if (entry is not null)
            catalog.Set(entry);
    }

    private sealed class KeyUse(ApiKeyId id, DateTimeOffset at) : WriteOperation
    {
        public override void Execute(DatabaseConnection database, bool alone) =>
            database.Prepare("update api_keys set last_used_at = ?2 where id = ?1").Bind(1, id.Value).Bind(2, at).Run();

        public override void Committed()
        {
        }

        // The writer has logged it; a missing last_used_at harms nobody.
        public override void Failed(Exception exception)
        {
        }
    }
}
