namespace Hookstream.Api.Authentication;

/// <summary>Whose call it is.</summary>
/// <param name="Tenant">The tenant it acts as; the default value for the operator's own calls.</param>
/// <param name="Scopes">What it may do.</param>
internal readonly record struct Caller(TenantId Tenant, KeyScopes Scopes);
