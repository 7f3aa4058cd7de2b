namespace Hookstream.Client.Keys;

/// <summary>An API key to create; what is null takes the server's default.</summary>
public sealed record NewApiKey
{
    /// <summary>A name for people.</summary>
    public string? Name { get; init; }

    /// <summary>What it may do: <c>events:write</c>, <c>read</c>, <c>manage</c>. Default: all.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>When it ends. Default: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}
