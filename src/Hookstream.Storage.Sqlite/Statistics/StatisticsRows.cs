using System.Buffers.Binary;
using Hookstream.Core.Statistics;

namespace Hookstream.Storage.Sqlite.Statistics;

/// <summary>How figures are kept in their table.</summary>
internal static class StatisticsRows
{
    // Primary key.
    internal const string Find =
        """
        select delivered, failed, dead_letter, durations, latencies
        from statistics
        where tenant = ?1 and subscriber = ?2 and width = ?3 and bucket = ?4
        """;

    private const string Replace =
        """
        insert or replace into statistics (
            tenant, subscriber, width, bucket, delivered, failed, dead_letter, durations, latencies)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
        """;

    /// <summary>Adds figures to what is there.</summary>
    public static void Add(
        DatabaseConnection database, long tenantNo, long subscriberNo, StatisticsWidth width, DateTimeOffset begin, StatisticsFigures figures)
    {
        var sum = Key(database.Prepare(Find)).Scalar(row => Read(row, 0)) ?? new StatisticsFigures();
        sum.Add(figures);
        Key(database.Prepare(Replace))
            .Bind(5, sum.Delivered)
            .Bind(6, sum.Failed)
            .Bind(7, sum.DeadLetter)
            .Bind(8, Bytes(sum.Durations))
            .Bind(9, Bytes(sum.Latencies))
            .Run();

        Statement Key(Statement statement) =>
            statement.Bind(1, tenantNo).Bind(2, subscriberNo).Bind(3, (long)width).Bind(4, begin);
    }

    /// <summary>Reads figures whose columns begin there.</summary>
    public static StatisticsFigures Read(Statement row, int column) => new()
    {
        Delivered = row.Int64(column),
        Failed = row.Int64(column + 1),
        DeadLetter = row.Int64(column + 2),
        Durations = Histogram(row.Blob(column + 3)),
        Latencies = Histogram(row.Blob(column + 4)),
    };

    private static byte[] Bytes(LatencyHistogram histogram)
    {
        var counts = histogram.Counts;
        var bytes = new byte[counts.Length * sizeof(long)];
        for (var slot = 0; slot < counts.Length; slot++)
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(slot * sizeof(long)), counts[slot]);
        return bytes;
    }

    private static LatencyHistogram Histogram(ReadOnlySpan<byte> bytes)
    {
        var counts = new long[bytes.Length / sizeof(long)];
        for (var slot = 0; slot < counts.Length; slot++)
            counts[slot] = BinaryPrimitives.ReadInt64LittleEndian(bytes[(slot * sizeof(long))..]);
        return LatencyHistogram.Of(counts);
    }
}
