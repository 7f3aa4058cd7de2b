using Npgsql;

namespace Hookstream.Storage.Postgres.Maintenance;

/// <summary>
/// Has PostgreSQL count the queue again where it has grown much since it was counted. What is planned anew each time (lists, changes; all of it
/// behind a pooler, where <see cref="Sessions"/> cannot say how) rests on that count: by one of an empty queue reading all of it looks as
/// cheap as finding one row, until autovacuum counts again, which is up to a minute later.
/// </summary>
internal static class QueueCount
{
    /// <summary>Fewer are read as a whole without anybody noticing.</summary>
    public const int Few = 1_000;

    private const int Growth = 4;

    // Negative: never counted; then PostgreSQL goes by the table's size.
    private const string Known = "select reltuples::bigint from pg_class where oid = 'unfinished'::regclass";

    /// <summary>Counts, if need be: some 30,000 rows are read for it, however many there are.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="waiting">How many are in the queue now.</param>
    /// <param name="cancellation">Cancels.</param>
    public static async Task RefreshAsync(NpgsqlConnection connection, long waiting, CancellationToken cancellation)
    {
        if (waiting < Few)
            return;
        var known = (long)(await connection.Command(Known).ReadValueAsync(cancellation))!;
        if (known >= 0 && known < waiting / Growth)
            await connection.Command("analyze unfinished").RunAsync(cancellation);
    }
}
