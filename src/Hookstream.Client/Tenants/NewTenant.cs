using System.Text.Json;

namespace Hookstream.Client.Tenants;

/// <summary>A tenant to create.</summary>
public sealed record NewTenant
{
    /// <summary>A name for people.</summary>
    public required string Name { get; init; }

    /// <summary>The operator's own id of it, unique; the admin token may name the tenant by it. Default: none.</summary>
    public string? ExternalId { get; init; }

    /// <summary>The operator's own data, a JSON object that is kept as it is. Default: none.</summary>
    public JsonElement? Metadata { get; init; }
}
