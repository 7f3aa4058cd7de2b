using Hookstream.Core.Statistics;

namespace Hookstream.Storage.Postgres.Statistics;

/// <summary>Makes hours of minutes, and removes what is old.</summary>
internal sealed class StatisticsRollUp(Sessions sessions, StoreClock clock)
{
    private const int Chunk = 1_000;

    // Index: statistics_age. In one statement with what it reads, so that figures that come late are not lost in between.
    internal const string TakeOld =
        $"""
        delete from statistics
        where (tenant, subscriber, width, bucket) in (
            select tenant, subscriber, width, bucket
            from statistics
            where width = $1 and bucket < $2
            order by bucket
            limit $3
            for update
        )
        returning {StatisticsRows.Columns}
        """;

    /// <summary>Does a chunk.</summary>
    /// <returns>True when there is more.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var minutes = await TakeAsync(StatisticsWidth.Minute, StatisticsTimes.OldestMinute(now), keep: true, cancellation);
        var hours = await TakeAsync(StatisticsWidth.Hour, StatisticsTimes.OldestHour(now), keep: false, cancellation);
        return minutes == Chunk || hours == Chunk;
    }

    private Task<int> TakeAsync(StatisticsWidth width, DateTimeOffset before, bool keep, CancellationToken cancellation) =>
        sessions.General.ChangeAsync(
            async connection =>
            {
                var taken = await connection.Command(TakeOld)
                    .Bind(NpgsqlTypes.NpgsqlDbType.Smallint, (short)width)
                    .Bind(before)
                    .Bind(Chunk)
                    .ReadAllAsync(StatisticsRows.Read, cancellation);
                if (keep)
                {
                    var hours = taken.Select(row => row with { Width = StatisticsWidth.Hour, Begin = StatisticsTimes.HourOf(row.Begin) });
                    await StatisticsRows.AddAsync(connection, hours, cancellation);
                }

                return taken.Count;
            },
            cancellation);
}
