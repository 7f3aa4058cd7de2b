using Hookstream.Core.Paging;

namespace Hookstream.Delivery.Tests.Stores;

/// <summary>Knows tenants by name, and nothing else.</summary>
internal sealed class FakeTenants : ITenantStore
{
    /// <summary>What the tenants are called; those that are not in it are gone.</summary>
    public Dictionary<TenantId, string> Names { get; } = [];

    public ValueTask<Tenant?> FindAsync(TenantId id, CancellationToken cancellation) => new(
        Names.TryGetValue(id, out var name) ? new Tenant(id, null, name, null, false, default, default) : null);

    public Task<TenantOutcome> CreateAsync(TenantSettings settings, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<Tenant?> FindByExternalIdAsync(string externalId, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<Page<Tenant>> ListAsync(PageRequest page, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<TenantOutcome> UpdateAsync(
        TenantId id, Func<TenantSettings, TenantSettings> change, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<RemovalOutcome> DeleteAsync(TenantId id, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<ApiKey?> CreateKeyAsync(TenantId tenant, NewApiKey key, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<Page<ApiKey>> ListKeysAsync(TenantId tenant, PageRequest page, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<RemovalOutcome> RevokeKeyAsync(TenantId tenant, ApiKeyId id, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<Principal?> AuthenticateAsync(KeyHash hash, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<Tenant> EnsureDefaultAsync(KeyHash? configuredToken, CancellationToken cancellation) => throw new NotSupportedException();
}
