using System.Globalization;
using Hookstream.Core.Statistics;
using Npgsql;
using NpgsqlTypes;

namespace Hookstream.Storage.Postgres.Statistics;

/// <summary>How figures are kept in their table.</summary>
internal static class StatisticsRows
{
    public const string Columns = "tenant, subscriber, width, bucket, delivered, failed, dead_letter, durations, latencies";

    // Primary key. The rows come in its order, so that two who add to the same ones do not wait for each other in a circle.
    private const string Upsert =
        """
        insert into statistics (tenant, subscriber, width, bucket, delivered, failed, dead_letter, durations, latencies)
        select tenant, subscriber, width, bucket, delivered, failed, dead_letter, durations::bigint[], latencies::bigint[]
        from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9) as added (
            tenant, subscriber, width, bucket, delivered, failed, dead_letter, durations, latencies)
        on conflict (tenant, subscriber, width, bucket) do update
        set delivered = statistics.delivered + excluded.delivered,
            failed = statistics.failed + excluded.failed,
            dead_letter = statistics.dead_letter + excluded.dead_letter,
            durations = add_counts(statistics.durations, excluded.durations),
            latencies = add_counts(statistics.latencies, excluded.latencies)
        """;

    /// <summary>Adds figures to what is there.</summary>
    public static async Task AddAsync(NpgsqlConnection connection, IEnumerable<StoredFigures> added, CancellationToken cancellation)
    {
        StoredFigures[] rows =
        [
            .. added.GroupBy(row => (row.TenantNo, row.SubscriberNo, row.Width, row.Begin)).OrderBy(same => same.Key)
                .Select(same => same.First() with { Figures = Sum(same) }),
        ];
        if (rows.Length == 0)
            return;
        await connection.Command(Upsert)
            .Bind(NpgsqlDbType.Array | NpgsqlDbType.Bigint, Array.ConvertAll(rows, row => row.TenantNo))
            .Bind(NpgsqlDbType.Array | NpgsqlDbType.Bigint, Array.ConvertAll(rows, row => row.SubscriberNo))
            .Bind(NpgsqlDbType.Array | NpgsqlDbType.Smallint, Array.ConvertAll(rows, row => (short)row.Width))
            .Bind(NpgsqlDbType.Array | NpgsqlDbType.TimestampTz, Array.ConvertAll(rows, row => row.Begin.UtcDateTime))
            .Bind(NpgsqlDbType.Array | NpgsqlDbType.Bigint, Array.ConvertAll(rows, row => row.Figures.Delivered))
            .Bind(NpgsqlDbType.Array | NpgsqlDbType.Bigint, Array.ConvertAll(rows, row => row.Figures.Failed))
            .Bind(NpgsqlDbType.Array | NpgsqlDbType.Bigint, Array.ConvertAll(rows, row => row.Figures.DeadLetter))
            .Bind(NpgsqlDbType.Array | NpgsqlDbType.Text, Array.ConvertAll(rows, row => Literal(row.Figures.Durations)))
            .Bind(NpgsqlDbType.Array | NpgsqlDbType.Text, Array.ConvertAll(rows, row => Literal(row.Figures.Latencies)))
            .RunAsync(cancellation);
    }

    /// <summary>Reads a row of <see cref="Columns"/>.</summary>
    public static StoredFigures Read(NpgsqlDataReader row) => new(
        row.GetInt64(0),
        row.GetInt64(1),
        (StatisticsWidth)row.GetInt16(2),
        row.Time(3),
        new StatisticsFigures
        {
            Delivered = row.GetInt64(4),
            Failed = row.GetInt64(5),
            DeadLetter = row.GetInt64(6),
            Durations = LatencyHistogram.Of(row.GetFieldValue<long[]>(7)),
            Latencies = LatencyHistogram.Of(row.GetFieldValue<long[]>(8)),
        });

    private static StatisticsFigures Sum(IEnumerable<StoredFigures> rows)
    {
        var sum = new StatisticsFigures();
        foreach (var row in rows)
            sum.Add(row.Figures);
        return sum;
    }

    // An array of arrays of different lengths is none that could be a parameter.
    private static string Literal(LatencyHistogram histogram) =>
        $"{{{string.Join(',', histogram.Counts.ToArray().Select(count => count.ToString(CultureInfo.InvariantCulture)))}}}";
}
