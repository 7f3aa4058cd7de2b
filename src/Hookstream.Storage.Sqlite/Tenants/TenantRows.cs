namespace Hookstream.Storage.Sqlite.Tenants;

/// <summary>How tenants and keys are read from their tables.</summary>
internal static class TenantRows
{
    public const string Columns = "no, id, external_id, name, metadata, suspended, created_at, updated_at";

    public const string KeyColumns = "id, tenant, name, prefix, scopes, expires_at, last_used_at, created_at, hash";

    public static TenantEntry Read(Statement row) => new(
        row.Int64(0),
        new Tenant(
            new TenantId(row.Guid(1)),
            row.NullableText(2),
            row.Text(3),
            row.NullableText(4),
            row.Boolean(5),
            row.Time(6),
            row.Time(7)));

    public static ApiKey ReadKey(Statement row, TenantId tenant) => new(
        new ApiKeyId(row.Guid(0)),
        tenant,
        row.Text(2),
        row.Text(3),
        (KeyScopes)row.Int32(4),
        row.NullableTime(5),
        row.NullableTime(6),
        row.Time(7));

    public static KeyHash ReadHash(Statement row) => KeyHash.FromBytes(row.Blob(8));

    public static void Load(DatabaseConnection database, TenantCatalog catalog)
    {
        var byNo = new Dictionary<long, Tenant>();
        var tenants = database.Prepare($"select {Columns} from tenants where deleted_at is null");
        while (tenants.Step())
        {
            var entry = Read(tenants);
            byNo.Add(entry.No, entry.Tenant);
            catalog.Set(entry);
        }

        var keys = database.Prepare($"select {KeyColumns} from api_keys");
        while (keys.Step())
        {
            if (byNo.TryGetValue(keys.Int64(1), out var tenant))
                catalog.SetKey(ReadHash(keys), new Principal(tenant, ReadKey(keys, tenant.Id)));
        }
    }
}
