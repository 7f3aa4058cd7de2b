using Npgsql;
using NpgsqlTypes;

namespace Hookstream.Storage.Postgres.Catalogs;

/// <summary>
/// What every change of a tenant, its keys or its subscribers does, so that other nodes and appends notice it: moves its
/// version on. $2 is the time, null: the store's.
/// </summary>
internal static class TenantVersion
{
    /// <summary>Of the tenant with this id ($1).</summary>
    public const string MoveById = $"{MoveAll} where id = $1";

    private const string MoveByNo = $"{MoveAll} where no = any ($1)";

    private const string MoveAll =
        """
        update tenants
        set version = version + 1, changed_at = date_trunc('milliseconds', coalesce($2, statement_timestamp()))
        """;

    /// <summary>Moves the versions of these tenants on, in the transaction of what has changed.</summary>
    public static Task MoveAsync(
        NpgsqlConnection connection, long[] tenantNos, StoreClock clock, CancellationToken cancellation) =>
        connection.Command(MoveByNo)
            .Bind(NpgsqlDbType.Array | NpgsqlDbType.Bigint, tenantNos)
            .BindNow(clock)
            .RunAsync(cancellation);
}
