using System.Text.Json.Serialization;
using Hookstream.Api.Paging;

namespace Hookstream.Api.Json;

/// <summary>How a list answers.</summary>
internal sealed record ListEnvelope<T>(IReadOnlyList<T> Data, PageMeta Meta)
{
    /// <summary>Always true.</summary>
    [JsonPropertyOrder(-1)]
    public bool Success { get; } = true;
}
