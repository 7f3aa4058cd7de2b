using System.Text;
using System.Text.Json.Serialization;

namespace Hookstream.Api.Json;

/// <summary>JSON that is written as it is stored.</summary>
[JsonConverter(typeof(RawJsonConverter))]
internal readonly record struct RawJson(ReadOnlyMemory<byte> Utf8)
{
    public static RawJson? Of(string? text) => text is null ? null : new RawJson(Encoding.UTF8.GetBytes(text));

    /// <summary>Null for no bytes at all.</summary>
    public static RawJson? Of(ReadOnlyMemory<byte> utf8) => utf8.IsEmpty ? null : new RawJson(utf8);
}
