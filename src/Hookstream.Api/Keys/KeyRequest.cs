namespace Hookstream.Api.Keys;

/// <summary>A key to be made.</summary>
internal sealed record KeyRequest
{
    public static readonly string[] FieldNames = ["name", "scopes", "expires_at"];

    /// <summary>For people, 1 to 128 characters.</summary>
    public required string Name { get; init; }

    /// <summary>Any of events:write, read and manage; left out: all that the caller has.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>When it stops working; left out: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}
