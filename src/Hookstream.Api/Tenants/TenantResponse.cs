using Hookstream.Api.Json;

namespace Hookstream.Api.Tenants;

/// <summary>A tenant.</summary>
internal sealed record TenantResponse
{
    public required string Id { get; init; }

    public required string? ExternalId { get; init; }

    public required string Name { get; init; }

    public required RawJson? Metadata { get; init; }

    /// <summary>True: its keys are refused; what it has accepted is still delivered.</summary>
    public required bool Suspended { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public static TenantResponse Of(Tenant tenant) => new()
    {
        Id = tenant.Id.ToString(),
        ExternalId = tenant.ExternalId,
        Name = tenant.Name,
        Metadata = RawJson.Of(tenant.Metadata),
        Suspended = tenant.Suspended,
        CreatedAt = tenant.CreatedAt,
        UpdatedAt = tenant.UpdatedAt,
    };
}
