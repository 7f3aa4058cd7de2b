namespace Hookstream.Core.Tenants;

/// <summary>The writable part of a <see cref="Tenant"/>.</summary>
public sealed record TenantSettings(string Name, string? ExternalId, string? Metadata, bool Suspended);
