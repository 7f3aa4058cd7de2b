using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hookstream.Client.Transport;

/// <summary>An RFC 7396 merge patch: a field that was never set is left out, one set to null is sent as null.</summary>
internal sealed class MergePatch
{
    private readonly JsonObject _fields = [];

    public void Set(string name, JsonNode? value) => _fields[name] = value;

    public void Set(string name, JsonElement? value) =>
        _fields[name] = value is { } element ? JsonNode.Parse(element.GetRawText()) : null;

    public void Set(string name, IEnumerable<string>? values) =>
        _fields[name] = values is null ? null : new JsonArray([.. values.Select(value => (JsonNode?)JsonValue.Create(value))]);

    public void Set(string name, IReadOnlyDictionary<string, string?>? values) =>
        _fields[name] = values is null
            ? null
            : new JsonObject(values.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)JsonValue.Create(entry.Value))));

    public HttpContent ToContent()
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
            _fields.WriteTo(writer);
        return ApiJson.Content(buffer.ToArray());
    }
}
