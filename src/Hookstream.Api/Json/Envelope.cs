using System.Text.Json.Serialization;

namespace Hookstream.Api.Json;

/// <summary>How a call that went well answers.</summary>
internal sealed record Envelope<T>(T Data)
{
    /// <summary>Always true.</summary>
    [JsonPropertyOrder(-1)]
    public bool Success { get; } = true;

    /// <summary>For people; left out when there is nothing to say.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Message { get; init; }
}
