using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hookstream.Api.Json;

/// <summary>Writes times as RFC 3339 in UTC with milliseconds.</summary>
internal sealed class UtcTimeConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Rfc3339.TryParse(reader.GetString(), out var time) ? time : throw new JsonException($"not {Rfc3339.Accepted}");

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        Span<byte> text = stackalloc byte[Rfc3339.FormattedLength];
        Rfc3339.TryFormat(value, text, out var written);
        writer.WriteStringValue(text[..written]);
    }
}
