using Hookstream.Core.Statistics;

namespace Hookstream.Storage.Sqlite.Statistics;

/// <summary>Makes hours of minutes, and removes what is old.</summary>
internal sealed class StatisticsRollUp(GroupCommit writer, ReaderPool readers, TimeProvider time)
{
    private const int Chunk = 200;

    // Index: statistics_age.
    internal const string Old =
        """
        select tenant, subscriber, bucket, delivered, failed, dead_letter, durations, latencies
        from statistics indexed by statistics_age
        where width = ?1 and bucket < ?2
        order by bucket
        limit ?3
        """;

    private const string Delete = "delete from statistics where tenant = ?1 and subscriber = ?2 and width = ?3 and bucket = ?4";

    /// <summary>Does a chunk.</summary>
    /// <returns>True when there is more.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var minutes = await TakeAsync(StatisticsWidth.Minute, StatisticsTimes.OldestMinute(now), keep: true, cancellation);
        var hours = await TakeAsync(StatisticsWidth.Hour, StatisticsTimes.OldestHour(now), keep: false, cancellation);
        return minutes == Chunk || hours == Chunk;
    }

    // Whether there is anything is asked beside the writer: most times there is not.
    private async Task<int> TakeAsync(StatisticsWidth width, DateTimeOffset before, bool keep, CancellationToken cancellation)
    {
        var any = await readers.ReadAsync(database => Read(database, width, before, 1).Count > 0, cancellation);
        return any ? await writer.WriteAsync(database => Take(database, width, before, keep)) : 0;
    }

    private static int Take(DatabaseConnection database, StatisticsWidth width, DateTimeOffset before, bool keep)
    {
        var taken = Read(database, width, before, Chunk);
        foreach (var (tenantNo, subscriberNo, begin, figures) in taken)
        {
            database.Prepare(Delete).Bind(1, tenantNo).Bind(2, subscriberNo).Bind(3, (long)width).Bind(4, begin).Run();
            if (keep)
                StatisticsRows.Add(database, tenantNo, subscriberNo, StatisticsWidth.Hour, StatisticsTimes.HourOf(begin), figures);
        }

        return taken.Count;
    }

    private static List<(long TenantNo, long SubscriberNo, DateTimeOffset Begin, StatisticsFigures Figures)> Read(
        DatabaseConnection database, StatisticsWidth width, DateTimeOffset before, int limit) =>
        database.Prepare(Old).Bind(1, (long)width).Bind(2, before).Bind(3, limit)
            .ReadAll(row => (row.Int64(0), row.Int64(1), row.Time(2), StatisticsRows.Read(row, 3)));
}
