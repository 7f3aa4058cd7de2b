using Hookstream.Client.Keys;
using Hookstream.Client.Transport;

namespace Hookstream.Client.Tenants;

/// <summary>Tenants, for the operator: needs the admin token. Reached by <see cref="HookstreamClient.Tenants"/>, where the
/// exceptions are described.</summary>
public sealed class TenantsClient
{
    private readonly ApiTransport _transport;

    internal TenantsClient(ApiTransport transport) => _transport = transport;

    /// <summary>Creates a tenant; it has no key yet.</summary>
    /// <param name="tenant">Its name and external id.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Task<Tenant> CreateAsync(NewTenant tenant, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Post,
            "api/v1/tenants",
            ApiJson.Content(tenant, ApiJsonContext.Default.NewTenant),
            ApiJsonContext.Default.Tenant,
            cancellationToken);

    /// <summary>Gets one tenant.</summary>
    /// <param name="id">Its id, <c>ten_…</c>.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Task<Tenant> GetAsync(string id, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Get, ApiTransport.Path("tenants", id), null, ApiJsonContext.Default.Tenant, cancellationToken);

    /// <summary>Gets one page of tenants, newest first.</summary>
    /// <param name="page">Which page; default: the first 20.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Task<Page<Tenant>> ListPageAsync(PageRequest page = default, CancellationToken cancellationToken = default) =>
        _transport.GetPageAsync("api/v1/tenants", default, page, ApiJsonContext.Default.ListTenant, cancellationToken);

    /// <summary>Gets all tenants, newest first, asking for pages as they are needed.</summary>
    /// <param name="cancellationToken">Cancels the requests.</param>
    public IAsyncEnumerable<Tenant> ListAsync(CancellationToken cancellationToken = default) =>
        _transport.GetAllAsync("api/v1/tenants", default, ApiJsonContext.Default.ListTenant, cancellationToken);

    /// <summary>Changes a tenant (RFC 7396): only what the update names.</summary>
    /// <param name="id">Its id, <c>ten_…</c>.</param>
    /// <param name="update">What to change.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Task<Tenant> UpdateAsync(string id, TenantUpdate update, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(update);
        return _transport.SendAsync(
            HttpMethod.Patch,
            ApiTransport.Path("tenants", id),
            update.Patch.ToContent(),
            ApiJsonContext.Default.Tenant,
            cancellationToken);
    }

    /// <summary>Suspends a tenant: its keys get 403 and nothing of it is delivered until it is resumed.</summary>
    /// <param name="id">Its id, <c>ten_…</c>.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Task<Tenant> SuspendAsync(string id, CancellationToken cancellationToken = default) =>
        UpdateAsync(id, new TenantUpdate { Status = "suspended" }, cancellationToken);

    /// <summary>Ends a tenant's suspension.</summary>
    /// <param name="id">Its id, <c>ten_…</c>.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Task<Tenant> ResumeAsync(string id, CancellationToken cancellationToken = default) =>
        UpdateAsync(id, new TenantUpdate { Status = "active" }, cancellationToken);

    /// <summary>Deletes a tenant with everything that is its own.</summary>
    /// <param name="id">Its id, <c>ten_…</c>.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Task DeleteAsync(string id, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Delete, ApiTransport.Path("tenants", id), null, cancellationToken);

    /// <summary>Creates a key of a tenant.</summary>
    /// <param name="tenantId">The tenant's id, <c>ten_…</c>.</param>
    /// <param name="key">Its name, scopes and end.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>The key, which is never shown again.</returns>
    public Task<CreatedApiKey> CreateKeyAsync(string tenantId, NewApiKey key, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Post,
            ApiTransport.Path("tenants", tenantId, "keys"),
            ApiJson.Content(key, ApiJsonContext.Default.NewApiKey),
            ApiJsonContext.Default.CreatedApiKey,
            cancellationToken);

    /// <summary>Gets all keys of a tenant, newest first, asking for pages as they are needed.</summary>
    /// <param name="tenantId">The tenant's id, <c>ten_…</c>.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    public IAsyncEnumerable<ApiKey> ListKeysAsync(string tenantId, CancellationToken cancellationToken = default) =>
        _transport.GetAllAsync(
            ApiTransport.Path("tenants", tenantId, "keys"), default, ApiJsonContext.Default.ListApiKey, cancellationToken);

    /// <summary>Revokes a key of a tenant.</summary>
    /// <param name="tenantId">The tenant's id, <c>ten_…</c>.</param>
    /// <param name="keyId">The key's id, <c>key_…</c>.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Task RevokeKeyAsync(string tenantId, string keyId, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Delete, ApiTransport.Path($"tenants/{ApiTransport.Segment(tenantId)}/keys", keyId), null, cancellationToken);
}
