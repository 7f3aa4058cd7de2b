namespace Hookstream.Core.Tenants;

/// <summary>An API key as it can be shown: without the key itself, which only its hash remembers.</summary>
/// <param name="Id">The key's id.</param>
/// <param name="Tenant">Whose key it is.</param>
/// <param name="Name">Display name.</param>
/// <param name="Prefix">The key's first characters, by which a person recognises it.</param>
/// <param name="Scopes">What it may do.</param>
/// <param name="ExpiresAt">UTC; null: never.</param>
/// <param name="LastUsedAt">UTC, to the minute; null: never used.</param>
/// <param name="CreatedAt">UTC.</param>
public sealed record ApiKey(
    ApiKeyId Id,
    TenantId Tenant,
    string Name,
    string Prefix,
    KeyScopes Scopes,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? LastUsedAt,
    DateTimeOffset CreatedAt);
