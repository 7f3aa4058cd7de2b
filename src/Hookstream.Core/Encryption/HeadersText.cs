using System.Buffers;
using System.Text.Json;

namespace Hookstream.Core.Encryption;

/// <summary>A subscriber's headers as the bytes that are encrypted: a JSON object of strings.</summary>
internal static class HeadersText
{
    public static byte[] Write(CustomHeaders headers)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var (name, value) in headers.All)
                json.WriteString(name, value);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    public static CustomHeaders Read(byte[] text)
    {
        using var document = JsonDocument.Parse(text);
        return CustomHeaders.Of(document.RootElement.EnumerateObject()
            .Select(header => KeyValuePair.Create(header.Name, header.Value.GetString()!)));
    }
}
