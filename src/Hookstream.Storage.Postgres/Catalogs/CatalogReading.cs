using Hookstream.Storage.Postgres.Subscribers;
using Hookstream.Storage.Postgres.Tenants;
using Npgsql;

namespace Hookstream.Storage.Postgres.Catalogs;

/// <summary>
/// Reads tenants with their keys and subscribers. The version is read first: what is read after it may be newer, and is then
/// read once more than needed.
/// </summary>
internal sealed class CatalogReading(Sessions sessions, SubscriberRows rows)
{
    private const string Tenants = $"select {TenantRows.Columns}, version, deleted_at is not null from tenants";

    private const string AllTenants = $"{Tenants} where deleted_at is null";

    private const string OneTenant = $"{Tenants} where no = $1";

    private const string AllKeys = $"select {TenantRows.KeyColumns} from api_keys";

    private const string KeysOfOne = $"{AllKeys} where tenant = $1";

    private const string AllSubscribers = $"select {SubscriberRows.Columns} from subscribers s where s.deleted_at is null";

    private const string SubscribersOfOne = $"{AllSubscribers} and s.tenant = $1 order by s.id";

    /// <summary>A tenant; null when there has never been one with this number.</summary>
    public Task<TenantContent?> ReadAsync(long no, CancellationToken cancellation) => sessions.General.ReadAsync(
        async connection =>
        {
            var found = await connection.Command(OneTenant).Bind(no).ReadAllAsync(ReadTenant, cancellation);
            if (found is not [var tenant])
                return null;
            if (tenant.Deleted)
                return tenant;
            var id = tenant.Entry.Tenant.Id;
            var keys = await connection.Command(KeysOfOne)
                .Bind(no)
                .ReadAllAsync(row => (Hash: TenantRows.ReadHash(row), Key: TenantRows.ReadKey(row, id)), cancellation);
            var subscribers = await connection.Command(SubscribersOfOne)
                .Bind(no)
                .ReadAllAsync(row => rows.Read(row, id), cancellation);
            return tenant with { Keys = keys.ToDictionary(key => key.Hash, key => key.Key), Subscribers = subscribers };
        },
        cancellation);

    /// <summary>All tenants there are, in three queries.</summary>
    public Task<List<TenantContent>> ReadAllAsync(CancellationToken cancellation) => sessions.General.ReadAsync(
        async connection =>
        {
            var tenants = await connection.Command(AllTenants).ReadAllAsync(ReadTenant, cancellation);
            var ids = tenants.ToDictionary(tenant => tenant.Entry.No, tenant => tenant.Entry.Tenant.Id);
            // One made since the tenants were read is a change, and found as such; its keys and subscribers with it.
            var keys = (await connection.Command(AllKeys)
                .ReadAllAsync(
                    row => ids.TryGetValue(row.GetInt64(1), out var id)
                        ? (No: row.GetInt64(1), Hash: TenantRows.ReadHash(row), Key: TenantRows.ReadKey(row, id))
                        : default,
                    cancellation))
                .Where(key => key.Key is not null)
                .ToLookup(key => key.No);
            var subscribers = (await connection.Command(AllSubscribers)
                .ReadAllAsync(row => ids.TryGetValue(row.GetInt64(2), out var id) ? rows.Read(row, id) : null, cancellation))
                .OfType<SubscriberRow>()
                .ToLookup(row => row.TenantNo);
            return tenants.ConvertAll(tenant => tenant with
            {
                Keys = keys[tenant.Entry.No].ToDictionary(key => key.Hash, key => key.Key),
                Subscribers = [.. subscribers[tenant.Entry.No].OrderBy(row => row.Snapshot.Id.Value)],
            });
        },
        cancellation);

    private static TenantContent ReadTenant(NpgsqlDataReader row) =>
        new(TenantRows.Read(row), row.GetInt64(8), row.GetBoolean(9), new Dictionary<KeyHash, ApiKey>(), []);
}
