using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Hookstream.Client.Transport;

internal sealed class ApiTransport
{
    private const int LargestPage = 100;

    private readonly HttpClient _http;
    private readonly Uri _root;
    private readonly AuthenticationHeaderValue _authorization;
    private readonly string? _tenant;

    public ApiTransport(HttpClient http, Uri address, string token, string? tenant)
    {
        _http = http;
        // A relative URI replaces the last segment of a base without a trailing slash.
        _root = address.AbsoluteUri.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/");
        _authorization = new AuthenticationHeaderValue("Bearer", token);
        _tenant = tenant;
    }

    public static string Path(string collection, string id, string? action = null) =>
        action is null ? $"api/v1/{collection}/{Segment(id)}" : $"api/v1/{collection}/{Segment(id)}/{action}";

    /// <summary>An id of the caller's as part of a path; dots would be folded away and hit another route.</summary>
    public static string Segment(string id)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        return id is "." or ".." ? throw new ArgumentException($"'{id}' is no id", nameof(id)) : Uri.EscapeDataString(id);
    }

    public async Task<T> SendAsync<T>(
        HttpMethod method,
        string path,
        HttpContent? content,
        JsonTypeInfo<T> type,
        CancellationToken cancellationToken)
    {
        using var response = await SendRawAsync(method, path, content, cancellationToken).ConfigureAwait(false);
        using var document = await ReadAsync(response, cancellationToken).ConfigureAwait(false);
        return Data(document, response, type);
    }

    /// <summary>The same for a call that may have nothing to say: <c>"data": null</c>.</summary>
    public async Task<T?> SendOptionalAsync<T>(
        HttpMethod method,
        string path,
        HttpContent? content,
        JsonTypeInfo<T> type,
        CancellationToken cancellationToken)
        where T : class
    {
        using var response = await SendRawAsync(method, path, content, cancellationToken).ConfigureAwait(false);
        using var document = await ReadAsync(response, cancellationToken).ConfigureAwait(false);
        return document.RootElement is { ValueKind: JsonValueKind.Object } root
            && root.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Null
                ? null
                : Data(document, response, type);
    }

    public async Task SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        using var response = await SendRawAsync(method, path, content, cancellationToken).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
            throw await ApiProblem.ReadAsync(response, cancellationToken).ConfigureAwait(false);
    }

    public async Task<Page<T>> GetPageAsync<T>(
        string path,
        QueryString query,
        PageRequest page,
        JsonTypeInfo<List<T>> type,
        CancellationToken cancellationToken)
    {
        var target = path + query.Add("limit", page.Limit).Add("cursor", page.Cursor);
        using var response = await SendRawAsync(HttpMethod.Get, target, null, cancellationToken).ConfigureAwait(false);
        using var document = await ReadAsync(response, cancellationToken).ConfigureAwait(false);
        var items = Data(document, response, type);
        try
        {
            var meta = document.RootElement.TryGetProperty("meta", out var found)
                ? found.Deserialize(ApiJsonContext.Default.PageMeta)
                : null;
            return new Page<T>(items, meta?.Limit ?? items.Count, meta?.NextCursor, meta?.Total);
        }
        catch (JsonException exception)
        {
            throw ApiProblem.NotUnderstood(response, exception);
        }
    }

    public async IAsyncEnumerable<T> GetAllAsync<T>(
        string path,
        QueryString query,
        JsonTypeInfo<List<T>> type,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? cursor = null;
        do
        {
            var page = await GetPageAsync(path, query, new PageRequest(LargestPage, cursor), type, cancellationToken)
                .ConfigureAwait(false);
            foreach (var item in page.Items)
                yield return item;
            cursor = page.NextCursor;
        }
        while (cursor is not null);
    }

    public async Task<HttpResponseMessage> SendRawAsync(
        HttpMethod method,
        string path,
        HttpContent? content,
        CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(_root, path)) { Content = content };
        request.Headers.Authorization = _authorization;
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (_tenant is not null)
            request.Headers.Add("X-Hookstream-Tenant", _tenant);
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<JsonDocument> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
            throw await ApiProblem.ReadAsync(response, cancellationToken).ConfigureAwait(false);
        try
        {
            var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            return await JsonDocument.ParseAsync(body, ApiJson.DocumentOptions, cancellationToken).ConfigureAwait(false);
        }
        catch (JsonException exception)
        {
            throw ApiProblem.NotUnderstood(response, exception);
        }
    }

    private static T Data<T>(JsonDocument document, HttpResponseMessage response, JsonTypeInfo<T> type)
    {
        try
        {
            if (document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("data", out var data)
                && data.Deserialize(type) is { } value)
                return value;
        }
        catch (JsonException exception)
        {
            throw ApiProblem.NotUnderstood(response, exception);
        }

        throw ApiProblem.NotUnderstood(response, null);
    }
}
