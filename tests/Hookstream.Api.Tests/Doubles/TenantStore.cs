namespace Hookstream.Api.Tests.Doubles;

internal sealed class TenantStore(TimeProvider clock) : ITenantStore
{
    private readonly Dictionary<TenantId, Tenant> _tenants = [];
    private readonly Dictionary<KeyHash, ApiKey> _keys = [];

    /// <summary>The tenant that deletions leave alone.</summary>
    public TenantId? Configured { get; set; }

    public string AddKey(Tenant tenant, KeyScopes scopes = KeyScopes.All)
    {
        var (key, record) = NewApiKey.Generate("test", scopes, null);
        _ = CreateKeyAsync(tenant.Id, record, default);
        return key;
    }

    public Tenant Add(string name, string? externalId = null)
    {
        var now = clock.GetUtcNow();
        var tenant = new Tenant(TenantId.New(now), externalId, name, null, false, now, now);
        _tenants.Add(tenant.Id, tenant);
        return tenant;
    }

    public Task<TenantOutcome> CreateAsync(TenantSettings settings, CancellationToken cancellation) => Task.FromResult(
        HasConflict(settings.ExternalId, null)
            ? new TenantOutcome(null, true)
            : new TenantOutcome(_tenants[Add(settings.Name, settings.ExternalId).Id], false));

    public ValueTask<Tenant?> FindAsync(TenantId id, CancellationToken cancellation) => new(_tenants.GetValueOrDefault(id));

    public ValueTask<Tenant?> FindByExternalIdAsync(string externalId, CancellationToken cancellation) =>
        new(_tenants.Values.FirstOrDefault(tenant => tenant.ExternalId == externalId));

    public Task<Page<Tenant>> ListAsync(PageRequest page, CancellationToken cancellation) =>
        Task.FromResult(Pages.Of(_tenants.Values, tenant => tenant.Id.Value, page));

    public Task<TenantOutcome> UpdateAsync(
        TenantId id, Func<TenantSettings, TenantSettings> change, CancellationToken cancellation)
    {
        if (!_tenants.TryGetValue(id, out var tenant))
            return Task.FromResult(new TenantOutcome(null, false));
        var settings = change(new TenantSettings(tenant.Name, tenant.ExternalId, tenant.Metadata, tenant.Suspended));
        if (HasConflict(settings.ExternalId, id))
            return Task.FromResult(new TenantOutcome(null, true));
        _tenants[id] = tenant with
        {
            Name = settings.Name,
            ExternalId = settings.ExternalId,
            Metadata = settings.Metadata,
            Suspended = settings.Suspended,
        };
        return Task.FromResult(new TenantOutcome(_tenants[id], false));
    }

    public Task<RemovalOutcome> DeleteAsync(TenantId id, CancellationToken cancellation) => Task.FromResult(
        id == Configured ? RemovalOutcome.Configured : Outcome(_tenants.Remove(id)));

    public Task<ApiKey?> CreateKeyAsync(TenantId tenant, NewApiKey key, CancellationToken cancellation)
    {
        if (!_tenants.ContainsKey(tenant))
            return Task.FromResult<ApiKey?>(null);
        var now = clock.GetUtcNow();
        var stored = new ApiKey(ApiKeyId.New(now), tenant, key.Name, key.Prefix, key.Scopes, key.ExpiresAt, null, now);
        _keys.Add(key.Hash, stored);
        return Task.FromResult<ApiKey?>(stored);
    }

    public Task<Page<ApiKey>> ListKeysAsync(TenantId tenant, PageRequest page, CancellationToken cancellation) =>
        Task.FromResult(Pages.Of(_keys.Values.Where(key => key.Tenant == tenant), key => key.Id.Value, page));

    public Task<RemovalOutcome> RevokeKeyAsync(TenantId tenant, ApiKeyId id, CancellationToken cancellation)
    {
        foreach (var (hash, key) in _keys)
        {
            if (key.Tenant == tenant && key.Id == id)
                return Task.FromResult(Outcome(_keys.Remove(hash)));
        }

        return Task.FromResult(RemovalOutcome.NotFound);
    }

    public ValueTask<Principal?> AuthenticateAsync(KeyHash hash, CancellationToken cancellation) => new(
        _keys.TryGetValue(hash, out var key) && _tenants.TryGetValue(key.Tenant, out var tenant)
            ? new Principal(tenant, key)
            : null);

    public Task<Tenant> EnsureDefaultAsync(KeyHash? configuredToken, CancellationToken cancellation) =>
        throw new NotSupportedException();

    private static RemovalOutcome Outcome(bool removed) => removed ? RemovalOutcome.Removed : RemovalOutcome.NotFound;

    private bool HasConflict(string? externalId, TenantId? own) =>
        externalId is not null && _tenants.Values.Any(tenant => tenant.ExternalId == externalId && tenant.Id != own);
}
