namespace Hookstream.Storage.Postgres.Writing;

/// <summary>Brings what this node knows of tenants up to date.</summary>
internal interface ICatalogRefresh
{
    /// <summary>Reloads a tenant if it has changed; deleted ones go.</summary>
    Task EnsureCurrentAsync(long tenantNo, CancellationToken cancellation);
}
