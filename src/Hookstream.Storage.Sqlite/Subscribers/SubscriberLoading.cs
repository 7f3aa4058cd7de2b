namespace Hookstream.Storage.Sqlite.Subscribers;

/// <summary>Fills the catalog when the store opens.</summary>
internal static class SubscriberLoading
{
    private const string All =
        $"""
        select {SubscriberRows.Columns}
        from subscribers
        where tenant = ?1 and deleted_at is null
        order by id
        """;

    public static void Load(
        DatabaseConnection database, SubscriberRows rows, TenantCatalog tenants, SubscriberCatalog catalog)
    {
        foreach (var owner in tenants.All)
        {
            var entries = database.Prepare(All).Bind(1, owner.No).ReadAll(row => rows.Read(row, owner.Tenant.Id));
            if (entries.Count > 0)
                catalog.Load(owner.No, entries);
        }
    }
}
