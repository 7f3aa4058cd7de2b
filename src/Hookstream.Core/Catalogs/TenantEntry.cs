namespace Hookstream.Core.Catalogs;

/// <summary>A tenant and the number that stands for it in the tables.</summary>
internal sealed record TenantEntry(long No, Tenant Tenant);
