using Hookstream.Api.Json;

namespace Hookstream.Api.Tenants;

/// <summary>A tenant to be made.</summary>
internal sealed record TenantCreateRequest
{
    public static readonly string[] FieldNames = ["name", "external_id", "metadata"];

    /// <summary>1 to 128 characters.</summary>
    public required string Name { get; init; }

    /// <summary>Your own id for it, unique: 1 to 255 printable ASCII characters.</summary>
    public string? ExternalId { get; init; }

    /// <summary>A JSON object of your own, at most 4096 bytes.</summary>
    public RawJson? Metadata { get; init; }
}
