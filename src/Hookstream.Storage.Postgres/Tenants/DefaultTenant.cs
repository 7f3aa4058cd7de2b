using Hookstream.Storage.Postgres.Catalogs;
using Npgsql;

namespace Hookstream.Storage.Postgres.Tenants;

/// <summary>The tenant that the configured token belongs to; nodes that start at once make one.</summary>
internal sealed class DefaultTenant(Sessions sessions, StoreClock clock)
{
    private const string OneAtATime = "select pg_advisory_xact_lock(7241003)";

    private const string Find =
        $"""
        select {TenantRows.Columns}
        from (
            select *, no in (select tenant from api_keys where configured) as has_token
            from tenants
            where deleted_at is null
        ) t
        where has_token or name = $1
        order by has_token desc, no
        limit 1
        """;

    private const string Configured = "select id, hash, tenant from api_keys where configured";

    public static async Task<TenantEntry?> FindAsync(NpgsqlConnection connection, CancellationToken cancellation) =>
        (await connection.Command(Find).Bind(Tenant.DefaultName).ReadAllAsync(TenantRows.Read, cancellation)).FirstOrDefault();

    /// <returns>The tenant, and which tenants have changed.</returns>
    public Task<(TenantEntry Entry, long[] Changed)> EnsureAsync(KeyHash? configuredToken, CancellationToken cancellation) =>
        sessions.General.ChangeAsync(
            async connection =>
            {
                await connection.Command(OneAtATime).RunAsync(cancellation);
                var changed = new HashSet<long>();
                var entry = await FindAsync(connection, cancellation);
                if (entry is null)
                {
                    entry = await TenantWriting.InsertAsync(
                        connection, new TenantSettings(Tenant.DefaultName, null, null, Suspended: false), clock, cancellation);
                    changed.Add(entry.No);
                }

                if (configuredToken is { } token)
                    await ConfigureAsync(connection, entry, token, changed, cancellation);
                var numbers = changed.ToArray();
                await TenantVersion.MoveAsync(connection, numbers, clock, cancellation);
                return (entry, numbers);
            },
            cancellation);

    private async Task ConfigureAsync(
        NpgsqlConnection connection, TenantEntry entry, KeyHash token, HashSet<long> changed, CancellationToken cancellation)
    {
        var known = false;
        var keys = await connection.Command(Configured)
            .ReadAllAsync(row => (Id: row.GetGuid(0), Hash: KeyHash.FromBytes(row.Bytes(1)), Tenant: row.GetInt64(2)), cancellation);
        foreach (var (id, hash, tenant) in keys)
        {
            if (hash == token)
            {
                known = true;
                continue;
            }

            await connection.Command("delete from api_keys where id = $1").Bind(id).RunAsync(cancellation);
            changed.Add(tenant);
        }

        if (known)
            return;
        var key = new NewApiKey("API_TOKEN", "configured", KeyScopes.All, null, token);
        await TenantWriting.InsertKeyAsync(connection, entry, key, configured: true, clock, cancellation);
        changed.Add(entry.No);
    }
}
