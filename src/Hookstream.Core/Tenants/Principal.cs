namespace Hookstream.Core.Tenants;

/// <summary>Who a key speaks for, as the authentication cache holds it.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Key">The key.</param>
public sealed record Principal(Tenant Tenant, ApiKey Key);
