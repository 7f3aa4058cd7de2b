using System.Globalization;
using Npgsql;

namespace Hookstream.Benchmarks.History;

/// <summary>
/// Fills the days before today of a server's database with events that were delivered: five deliveries with an attempt each,
/// as the program itself leaves them.
/// </summary>
internal static class DeliveryHistory
{
    private const int Days = 10;
    private const int DeliveriesPerEvent = 5;
    private const int DaysAtOnce = 2;
    private static readonly TimeSpan StatementTimeout = TimeSpan.FromMinutes(20);

    private const string Partitions =
        """
        select ensure_partitions(
            to_char(day, 'YYYYMMDD'),
            rpad(lpad(to_hex((extract(epoch from day) * 1000)::bigint), 12, '0'), 32, '0')::uuid,
            rpad(lpad(to_hex((extract(epoch from day + interval '1 day') * 1000)::bigint), 12, '0'), 32, '0')::uuid)
        from (select date_trunc('day', now() at time zone 'UTC') - $1 * interval '1 day' as day) days
        """;

    // Ids are UUIDv7: milliseconds, then what tells one from another.
    private const string Numbers =
        """
        with numbers as (
            select n, (extract(epoch from date_trunc('day', now() at time zone 'UTC') - $1 * interval '1 day') * 1000)::bigint
                + n::bigint * 86400000 / $2 as ms
            from generate_series(0, $2 - 1) as n
        ),
        made as (
            select ms, n, to_timestamp(ms / 1000.0) as at, t.no as tenant, s.no as subscriber,
                (lpad(to_hex(ms), 12, '0') || '7' || lpad(to_hex(n & 4095), 3, '0') || '8' || substr(md5(n::text), 1, 15))::uuid as event
            from numbers, (select no from tenants where external_id is not null or name = 'default' order by no limit 1) t
            cross join lateral (select no from subscribers where tenant = t.no order by no limit 1) s
        )
        """;

    private const string Events =
        Numbers + """

        insert into events (id, tenant, type, payload, priority, "timestamp", created_at)
        select event, tenant, 'history.type_' || n % 20, '{"order":"ord_0001","amount":4200,"currency":"EUR"}', 1, at, at
        from made
        """;

    private const string Deliveries =
        Numbers + """

        insert into deliveries (id, tenant, event, event_type, subscriber, status, class, version, attempt_count, failures,
            trigger, waiting_since, last_attempt_at, last_status_code, created_at, finished_at)
        select (lpad(to_hex(ms), 12, '0') || '7' || lpad(to_hex(n & 4095), 3, '0') || '9' || lpad(to_hex(k), 3, '0') || substr(md5(n::text), 1, 12))::uuid,
            tenant, event, 'history.type_' || n % 20, subscriber, case when (n + k) % 200 = 0 then 3 else 2 end, 1, 2, 1, 0, 0, at, at, 200, at, at
        from made, generate_series(1, $3) as k
        """;

    private const string Attempts =
        Numbers + """

        insert into attempts (delivery, id, number, trigger, started_at, duration_us, outcome, status_code, request_headers,
            response_headers, response_truncated, late)
        select (lpad(to_hex(ms), 12, '0') || '7' || lpad(to_hex(n & 4095), 3, '0') || '9' || lpad(to_hex(k), 3, '0') || substr(md5(n::text), 1, 12))::uuid,
            event, 1, 0, at, 900, 0, 200, '{"content-type":"application/json"}', '{"content-length":"0"}', false, false
        from made, generate_series(1, $3) as k
        """;

    /// <summary>Writes that many deliveries of a tenant that has a subscriber, and lets PostgreSQL put itself in order.</summary>
    public static async Task WriteAsync(string databaseUrl, int deliveries, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString(databaseUrl));
        var eventsPerDay = Math.Max(1, deliveries / Days / DeliveriesPerEvent);
        for (var day = 1; day <= Days; day++)
            await RunAsync(source, Partitions, [day], cancellationToken);
        var options = new ParallelOptions { MaxDegreeOfParallelism = DaysAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForAsync(1, Days + 1, options, async (day, cancel) =>
        {
            await RunAsync(source, Events, [day, eventsPerDay], cancel);
            await RunAsync(source, Deliveries, [day, eventsPerDay, DeliveriesPerEvent], cancel);
            await RunAsync(source, Attempts, [day, eventsPerDay, DeliveriesPerEvent], cancel);
        });
        await RunAsync(source, "vacuum (analyze) events, deliveries, attempts", [], cancellationToken);
        await RunAsync(source, "checkpoint", [], cancellationToken);
        var written = await CountAsync(source, cancellationToken);
        if (written < (long)eventsPerDay * Days * DeliveriesPerEvent)
            throw new BenchmarkException($"the history has {written:n0} deliveries instead of {deliveries:n0}");
    }

    private static string ConnectionString(string url)
    {
        var address = new Uri(url);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Host={address.Host};Port={address.Port};Username={address.UserInfo};Database={address.AbsolutePath.Trim('/')};"
            + $"Command Timeout={StatementTimeout.TotalSeconds}");
    }

    private static async Task<long> CountAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("select count(*) from deliveries");
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task RunAsync(
        NpgsqlDataSource source, string sql, int[] values, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
