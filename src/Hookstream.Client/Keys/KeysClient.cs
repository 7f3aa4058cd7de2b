using Hookstream.Client.Transport;

namespace Hookstream.Client.Keys;

/// <summary>The tenant's own API keys. Reached by <see cref="HookstreamClient.Keys"/>, where the exceptions are described.</summary>
public sealed class KeysClient
{
    private readonly ApiTransport _transport;

    internal KeysClient(ApiTransport transport) => _transport = transport;

    /// <summary>Creates a key.</summary>
    /// <param name="key">Its name, scopes and end.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>The key, which is never shown again.</returns>
    public Task<CreatedApiKey> CreateAsync(NewApiKey key, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Post,
            "api/v1/keys",
            ApiJson.Content(key, ApiJsonContext.Default.NewApiKey),
            ApiJsonContext.Default.CreatedApiKey,
            cancellationToken);

    /// <summary>Gets one page of keys, newest first.</summary>
    /// <param name="page">Which page; default: the first 20.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Task<Page<ApiKey>> ListPageAsync(PageRequest page = default, CancellationToken cancellationToken = default) =>
        _transport.GetPageAsync("api/v1/keys", default, page, ApiJsonContext.Default.ListApiKey, cancellationToken);

    /// <summary>Gets all keys, newest first, asking for pages as they are needed.</summary>
    /// <param name="cancellationToken">Cancels the requests.</param>
    public IAsyncEnumerable<ApiKey> ListAsync(CancellationToken cancellationToken = default) =>
        _transport.GetAllAsync("api/v1/keys", default, ApiJsonContext.Default.ListApiKey, cancellationToken);

    /// <summary>Revokes a key: requests with it get 401 from now on.</summary>
    /// <param name="id">Its id, <c>key_…</c>.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Task RevokeAsync(string id, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Delete, ApiTransport.Path("keys", id), null, cancellationToken);
}
