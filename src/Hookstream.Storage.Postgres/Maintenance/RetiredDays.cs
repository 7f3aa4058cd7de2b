using Hookstream.Storage.Postgres.Replays;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace Hookstream.Storage.Postgres.Maintenance;

/// <summary>
/// Removes the partitions of whole days. A day that nothing needs any more is retired first, by a row that replays look at;
/// then its partitions are detached without blocking anyone, and dropped. Each step goes on where an earlier one was cut off.
/// </summary>
internal sealed class RetiredDays(Sessions sessions, ILogger logger)
{
    // Unfinished deliveries and their events, what ended since, and events that deliveries of other days refer to keep a day.
    // Indexes: unfinished_pkey, unfinished_event, deliveries_finished of the day, deliveries_event of the others.
    internal const string Retire =
        """
        insert into retired_days (day)
        select $1
        where not exists (select 1 from unfinished where id >= $2 and id < $3)
            and not exists (select 1 from unfinished where event >= $2 and event < $3)
            and not exists (select 1 from deliveries where id >= $2 and id < $3 and finished_at >= $4)
            and not exists (select 1 from deliveries where id >= $3 and event >= $2 and event < $3)
            and not exists (select 1 from deliveries where id < $2 and event >= $2 and event < $3)
        on conflict do nothing
        """;

    private const string Partitions =
        """
        select right(i.inhrelid::regclass::text, 8) as day
        from pg_inherits i
        where i.inhparent in ('events'::regclass, 'deliveries'::regclass, 'attempts'::regclass)
        union
        select to_char(day, 'YYYYMMDD')
        from retired_days
        """;

    private const string Retired = "select count(*) from retired_days where day = $1";

    // Null: it is none of the partitions.
    private const string Detaching =
        "select inhdetachpending from pg_inherits where inhparent = to_regclass($1) and inhrelid = to_regclass($2)";

    private const string LockPartitions = "select pg_advisory_xact_lock(7241003)";

    private static readonly TimeSpan CountTimeout = TimeSpan.FromMinutes(10);

    private static readonly string[] Parents = ["attempts", "deliveries", "events"];

    /// <summary>The days that have partitions, oldest first.</summary>
    public Task<List<DateOnly>> AllAsync(CancellationToken cancellation) =>
        sessions.General.ReadAsync(
            async connection =>
            {
                var days = new List<DateOnly>();
                foreach (var suffix in await connection.Command(Partitions).ReadAllAsync(row => row.GetString(0), cancellation))
                {
                    if (PartitionSet.TryParseSuffix(suffix, out var day))
                        days.Add(day);
                }

                days.Sort();
                return days;
            },
            cancellation);

    /// <summary>True when nothing needs the day any more, from now on for good.</summary>
    public async Task<bool> TryRetireAsync(DateOnly day, DateTimeOffset cutoff, CancellationToken cancellation)
    {
        await sessions.General.ChangeAsync(
            async connection =>
            {
                await connection.Command(ChangeStatements.HoldRetention).RunAsync(cancellation);
                return await connection.Command(Retire)
                    .Bind(NpgsqlDbType.Date, day)
                    .Bind(PartitionSet.FirstIdOf(day))
                    .Bind(PartitionSet.FirstIdOf(day.AddDays(1)))
                    .Bind(cutoff)
                    .RunAsync(cancellation);
            },
            cancellation);
        return await sessions.General.ReadAsync(
            async connection =>
                (await connection.Command(Retired).Bind(NpgsqlDbType.Date, day).ReadAllAsync(row => row.GetInt64(0), cancellation))[0] == 1,
            cancellation);
    }

    /// <summary>Removes a retired day.</summary>
    /// <returns>How many deliveries and events that were; null when someone still reads them.</returns>
    public async Task<long?> RemoveAsync(DateOnly day, CancellationToken cancellation)
    {
        var suffix = PartitionSet.SuffixOf(day);
        try
        {
            foreach (var parent in Parents)
                await sessions.General.ReadAsync(connection => DetachAsync(connection, parent, suffix, cancellation), cancellation);
        }
        catch (StoreUnavailableException exception) when (exception.InnerException is PostgresException
        {
            SqlState: PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.QueryCanceled,
        })
        {
            MaintenanceLog.DetachUnfinished(logger, exception, day);
            return null;
        }

        var rows = await CountAsync("deliveries", suffix, cancellation) + await CountAsync("events", suffix, cancellation);
        if (!await DropAsync(day, suffix, cancellation))
            return null;
        MaintenanceLog.DayRemoved(logger, day, rows);
        return rows;
    }

    // Not in a transaction: detaching concurrently takes two of its own.
    private static async Task<bool> DetachAsync(
        NpgsqlConnection connection, string parent, string suffix, CancellationToken cancellation)
    {
        if (await IsDetachingAsync(connection, parent, suffix, cancellation) is not { } detaching)
            return false;
        var how = detaching ? "finalize" : "concurrently";
        await connection.Command($"alter table {parent} detach partition {parent}_{suffix} {how}").RunAsync(cancellation);
        return true;
    }

    private Task<long> CountAsync(string parent, string suffix, CancellationToken cancellation) =>
        sessions.General.ChangeAsync(
            async connection =>
            {
                if (!await IsThereAsync(connection, $"{parent}_{suffix}", cancellation))
                    return 0;
                await connection.Command($"set local statement_timeout = {(int)CountTimeout.TotalMilliseconds}").RunAsync(cancellation);
                await using var command = connection.Command($"select count(*) from {parent}_{suffix}");
                command.CommandTimeout = (int)CountTimeout.TotalSeconds;
                // Takes long, and is never run twice: the one that is cut off.
                return (long)(await command.ExecuteScalarAsync(cancellation))!;
            },
            cancellation);

    private Task<bool> DropAsync(DateOnly day, string suffix, CancellationToken cancellation) =>
        sessions.General.ChangeAsync(
            async connection =>
            {
                // Whoever makes partitions might just have attached one again.
                await connection.Command(LockPartitions).RunAsync(cancellation);
                foreach (var parent in Parents)
                {
                    if (await IsDetachingAsync(connection, parent, suffix, cancellation) is not null)
                        return false;
                }

                foreach (var parent in Parents)
                    await connection.Command($"drop table if exists {parent}_{suffix}").RunAsync(cancellation);
                await connection.Command("delete from retired_days where day = $1").Bind(NpgsqlDbType.Date, day).RunAsync(cancellation);
                return true;
            },
            cancellation);

    private static async Task<bool?> IsDetachingAsync(
        NpgsqlConnection connection, string parent, string suffix, CancellationToken cancellation) =>
        await connection.Command(Detaching).Bind(parent).Bind($"{parent}_{suffix}").ReadValueAsync(cancellation) as bool?;

    private static async Task<bool> IsThereAsync(NpgsqlConnection connection, string table, CancellationToken cancellation) =>
        await connection.Command("select to_regclass($1) is not null").Bind(table).ReadValueAsync(cancellation) is true;
}
