using Hookstream.Core.Paging;

namespace Hookstream.Core.Tenants;

/// <summary>
/// Tenants and their keys. Every write is committed when its task completes. Look-ups of keys and tenants are answered
/// from memory; a change is honoured at once on this node and within 1 s on others.
/// </summary>
public interface ITenantStore
{
    /// <summary>Makes a tenant.</summary>
    Task<TenantOutcome> CreateAsync(TenantSettings settings, CancellationToken cancellation);

    /// <summary>Finds a tenant; null when there is none (or no more).</summary>
    ValueTask<Tenant?> FindAsync(TenantId id, CancellationToken cancellation);

    /// <summary>Finds a tenant by the operator's own id for it.</summary>
    ValueTask<Tenant?> FindByExternalIdAsync(string externalId, CancellationToken cancellation);

    /// <summary>Lists tenants, newest first.</summary>
    Task<Page<Tenant>> ListAsync(PageRequest page, CancellationToken cancellation);

    /// <summary>Applies <paramref name="change"/> to a tenant's settings.</summary>
    Task<TenantOutcome> UpdateAsync(TenantId id, Func<TenantSettings, TenantSettings> change, CancellationToken cancellation);

    /// <summary>
    /// Deletes a tenant: its keys stop working, its subscribers are deleted and pending deliveries cancelled. The default
    /// tenant is left alone: it is configured.
    /// </summary>
    Task<RemovalOutcome> DeleteAsync(TenantId id, CancellationToken cancellation);

    /// <summary>Stores a key; null when the tenant does not exist.</summary>
    Task<ApiKey?> CreateKeyAsync(TenantId tenant, NewApiKey key, CancellationToken cancellation);

    /// <summary>Lists a tenant's keys, newest first.</summary>
    Task<Page<ApiKey>> ListKeysAsync(TenantId tenant, PageRequest page, CancellationToken cancellation);

    /// <summary>Revokes a key of a tenant, unless it is the configured token.</summary>
    Task<RemovalOutcome> RevokeKeyAsync(TenantId tenant, ApiKeyId id, CancellationToken cancellation);

    /// <summary>
    /// Who the key with this hash speaks for; null for an unknown, revoked or expired one. Notes the use, lazily.
    /// </summary>
    ValueTask<Principal?> AuthenticateAsync(KeyHash hash, CancellationToken cancellation);

    /// <summary>
    /// Makes sure that the default tenant exists and that the configured token, and no earlier configured one, is a key of
    /// it. It is the one that the earlier configured token belongs to, whatever it is called by now, else the oldest one called
    /// <see cref="Tenant.DefaultName"/>.
    /// </summary>
    Task<Tenant> EnsureDefaultAsync(KeyHash? configuredToken, CancellationToken cancellation);
}
