namespace Hookstream.Core.Tenants;

/// <summary>What came of creating or changing a tenant.</summary>
/// <param name="Tenant">The tenant as it is now; null when it does not exist or <paramref name="Conflict"/>.</param>
/// <param name="Conflict">True when another tenant has that external id.</param>
public readonly record struct TenantOutcome(Tenant? Tenant, bool Conflict);
