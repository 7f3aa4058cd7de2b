namespace Hookstream.Core.Tenants;

/// <summary>A customer of the deployment. Tenants never see, slow down or starve each other.</summary>
/// <param name="Id">The tenant's id.</param>
/// <param name="ExternalId">The operator's own id for it, unique when set.</param>
/// <param name="Name">Display name, 1 to 128 characters; the <c>tenant</c> label of metrics.</param>
/// <param name="Metadata">A JSON object of the operator's own, or null.</param>
/// <param name="Suspended">True: its keys are refused with 403; what it has accepted is still delivered.</param>
/// <param name="CreatedAt">UTC.</param>
/// <param name="UpdatedAt">UTC.</param>
public sealed record Tenant(
    TenantId Id,
    string? ExternalId,
    string Name,
    string? Metadata,
    bool Suspended,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    /// <summary>Name under which the tenant that <c>API_TOKEN</c> belongs to is made.</summary>
    public const string DefaultName = "default";
}
