namespace Hookstream.Client.Keys;

/// <summary>An API key, without the key itself.</summary>
public record ApiKey
{
    /// <summary>The id, <c>key_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>A name for people; null without one.</summary>
    public string? Name { get; init; }

    /// <summary>The first characters of the key, to recognise it by.</summary>
    public string? Prefix { get; init; }

    /// <summary>What it may do: <c>events:write</c>, <c>read</c>, <c>manage</c>.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>When it ends; null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When it was last used, to within some minutes; null: never.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>When it was created.</summary>
    public DateTimeOffset CreatedAt { get; init; }
}
