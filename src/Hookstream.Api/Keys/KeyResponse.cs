using System.Text.Json.Serialization;

namespace Hookstream.Api.Keys;

/// <summary>An API key.</summary>
internal sealed record KeyResponse
{
    public required string Id { get; init; }

    /// <summary>The key itself; shown by its creation only.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Key { get; init; }

    /// <summary>Its first characters, to recognise it by.</summary>
    public required string Prefix { get; init; }

    public required string Name { get; init; }

    /// <summary>events:write, read, manage.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    public required DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>To the minute.</summary>
    public required DateTimeOffset? LastUsedAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public static KeyResponse Of(ApiKey key) => new()
    {
        Id = key.Id.ToString(),
        Prefix = key.Prefix,
        Name = key.Name,
        Scopes = Authentication.Scopes.Format(key.Scopes),
        ExpiresAt = key.ExpiresAt,
        LastUsedAt = key.LastUsedAt,
        CreatedAt = key.CreatedAt,
    };
}
