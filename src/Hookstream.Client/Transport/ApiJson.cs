using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Hookstream.Client.Transport;

internal static class ApiJson
{
    // The envelope adds levels around payloads that may be 64 deep by themselves.
    public static readonly JsonDocumentOptions DocumentOptions = new() { MaxDepth = 128 };

    private static readonly MediaTypeHeaderValue ContentType = new("application/json");

    public static HttpContent Content<T>(T value, JsonTypeInfo<T> type) =>
        Content(JsonSerializer.SerializeToUtf8Bytes(value, type));

    public static HttpContent Content(ReadOnlyMemory<byte> json) =>
        new ReadOnlyMemoryContent(json) { Headers = { ContentType = ContentType } };
}
