using Npgsql;

namespace Hookstream.Storage.Postgres.Tenants;

/// <summary>How tenants and keys are read from their tables.</summary>
internal static class TenantRows
{
    public const string Columns = "no, id, external_id, name, metadata, suspended, created_at, updated_at";

    public const string KeyColumns = "id, tenant, name, prefix, scopes, expires_at, last_used_at, created_at, hash";

    public static TenantEntry Read(NpgsqlDataReader row) => new(
        row.GetInt64(0),
        new Tenant(
            new TenantId(row.GetGuid(1)),
            row.NullableText(2),
            row.GetString(3),
            row.NullableText(4),
            row.GetBoolean(5),
            row.Time(6),
            row.Time(7)));

    public static ApiKey ReadKey(NpgsqlDataReader row, TenantId tenant) => new(
        new ApiKeyId(row.GetGuid(0)),
        tenant,
        row.GetString(2),
        row.GetString(3),
        (KeyScopes)row.GetInt32(4),
        row.NullableTime(5),
        row.NullableTime(6),
        row.Time(7));

    public static KeyHash ReadHash(NpgsqlDataReader row) => KeyHash.FromBytes(row.Bytes(8));
}
