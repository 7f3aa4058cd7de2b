using Npgsql;
using NpgsqlTypes;

namespace Hookstream.Storage.Postgres.Tenants;

/// <summary>How tenants and keys are written.</summary>
internal static class TenantWriting
{
    private const string Insert =
        """
        insert into tenants (id, external_id, name, metadata, suspended, changed_at, created_at, updated_at)
        values ($1, $2, $3, $4, $5, coalesce($7, statement_timestamp()), $6, $6)
        returning no
        """;

    private const string InsertKey =
        """
        insert into api_keys (id, tenant, name, prefix, scopes, hash, configured, expires_at, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """;

    public static async Task<TenantEntry> InsertAsync(
        NpgsqlConnection connection, TenantSettings settings, StoreClock clock, CancellationToken cancellation)
    {
        var now = clock.Now();
        var tenant = new Tenant(
            TenantId.New(now), settings.ExternalId, settings.Name, settings.Metadata, settings.Suspended, now, now);
        var numbers = await connection.Command(Insert)
            .Bind(tenant.Id.Value)
            .Bind(tenant.ExternalId)
            .Bind(tenant.Name)
            .Bind(tenant.Metadata)
            .Bind(NpgsqlDbType.Boolean, tenant.Suspended)
            .Bind(now)
            .BindNow(clock)
            .ReadAllAsync(row => row.GetInt64(0), cancellation);
        return new TenantEntry(numbers.Single(), tenant);
    }

    public static async Task<ApiKey> InsertKeyAsync(
        NpgsqlConnection connection,
        TenantEntry entry,
        NewApiKey key,
        bool configured,
        StoreClock clock,
        CancellationToken cancellation)
    {
        var now = clock.Now();
        var id = ApiKeyId.New(now);
        await connection.Command(InsertKey)
            .Bind(id.Value)
            .Bind(entry.No)
            .Bind(key.Name)
            .Bind(key.Prefix)
            .Bind(NpgsqlDbType.Integer, (int)key.Scopes)
            .Bind(NpgsqlDbType.Bytea, key.Hash.ToBytes())
            .Bind(NpgsqlDbType.Boolean, configured)
            .Bind(key.ExpiresAt)
            .Bind(now)
            .RunAsync(cancellation);
        return new ApiKey(id, entry.Tenant.Id, key.Name, key.Prefix, key.Scopes, key.ExpiresAt, null, now);
    }
}
