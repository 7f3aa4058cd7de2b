using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hookstream.Api.Json;

/// <summary>JSON objects of the user's own.</summary>
internal static class Metadata
{
    /// <summary>Most bytes of one.</summary>
    public const int MaxBytes = 4096;

    private static readonly JsonSerializerOptions Written = new() { Encoder = ApiJson.WriterOptions.Encoder };

    public static bool Fits(string? metadata) => metadata is null || Encoding.UTF8.GetByteCount(metadata) <= MaxBytes;

    /// <summary>Applies a merge patch to metadata.</summary>
    /// <remarks>Source: RFC 7396, section 2.</remarks>
    /// <returns>The merged object; null when the patch is.</returns>
    public static string? Merge(string? metadata, string? patch)
    {
        if (patch is null)
            return null;
        var merged = Merge(metadata is null ? null : JsonNode.Parse(metadata), JsonNode.Parse(patch));
        return merged!.ToJsonString(Written);
    }

    private static JsonNode? Merge(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject fields)
            return patch?.DeepClone();
        var merged = target as JsonObject ?? [];
        foreach (var (name, value) in fields)
        {
            if (value is null)
                merged.Remove(name);
            else
            {
                var kept = merged[name];
                merged.Remove(name);
                merged[name] = Merge(kept, value);
            }
        }

        return merged;
    }
}
