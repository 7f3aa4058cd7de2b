using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Hookstream.EndToEnd.Tests.Api;

/// <summary>Calls the HTTP API as a user's program would, and judges nothing.</summary>
internal sealed class ApiClient(HttpClient http, string? token, string? actingFor = null)
{
    public Task<ApiAnswer> GetAsync(string path) => SendAsync("GET", path);

    public Task<ApiAnswer> DeleteAsync(string path) => SendAsync("DELETE", path);

    public Task<ApiAnswer> PostAsync(string path, object? body = null) => SendAsync("POST", path, Json(body));

    public Task<ApiAnswer> PatchAsync(string path, object? body = null) => SendAsync("PATCH", path, Json(body));

    public async Task<ApiAnswer> SendAsync(
        string method, string path, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = content };
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (actingFor is not null)
            request.Headers.Add("X-Hookstream-Tenant", actingFor);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        var bytes = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        var received = response.Headers.Concat(response.Content.Headers).ToDictionary(
            header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        return new ApiAnswer(
            $"{method} {path}", (int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, received, bytes);
    }

    /// <summary>JSON text and bytes go out as they are; other objects are serialised, names as they are written.</summary>
    public static HttpContent? Json(object? body, string contentType = "application/json")
    {
        if (body is null)
            return null;
        var bytes = body switch
        {
            byte[] raw => raw,
            string text => Encoding.UTF8.GetBytes(text),
            _ => JsonSerializer.SerializeToUtf8Bytes(body),
        };
        return new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue(contentType) } };
    }
}
