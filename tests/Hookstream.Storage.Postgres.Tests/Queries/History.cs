using System.Globalization;
using Hookstream.Core.Ids;
using Hookstream.Storage.Postgres.Tests.Databases;
using Hookstream.TestServers.Postgres;
using Npgsql;

namespace Hookstream.Storage.Postgres.Tests.Queries;

/// <summary>
/// A database with days of history: a tenant that has most of it, one that has a single dead letter a day, a type and a
/// subscriber that were last seen on the first day, and a queue of what is pending now.
/// </summary>
public abstract class History(StoreDatabases databases, int days, int eventsPerDay, int pending) : IAsyncLifetime
{
    /// <summary>Deliveries of an event.</summary>
    public const int FanOut = 5;

    public const long BigTenant = 1;
    public const long QuietTenant = 2;
    public const long OtherTenant = 3;
    public const long BusySubscriber = 1;
    public const long QuietSubscriber = 1_000;
    public const string CommonType = "order.paid";
    public const string RareType = "rare.thing";

    private PostgresDatabase? _database;
    private Sessions? _sessions;

    public static DateTimeOffset FirstDay { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public int Days => days;

    /// <summary>How many deliveries wait.</summary>
    public int Pending => pending;

    public DateTimeOffset Now => FirstDay.AddDays(days);

    public string ConnectionString => StoreDatabases.ConnectionStringOf(_database!.Url);

    internal Sessions Sessions => _sessions!;

    public async ValueTask InitializeAsync()
    {
        _database = await databases.CreateAsync();
        _sessions = new Sessions(new PostgresStoreOptions { ConnectionString = ConnectionString });
        var partitions = new PartitionSet(_sessions, new StoreClock(TimeProvider.System, ClockSource.Process));
        for (var day = 0; day <= days; day++)
            await partitions.EnsureAsync(FirstDay.AddDays(day), CancellationToken.None);
        await RunAsync(Functions + Endpoints);
        await Parallel.ForAsync(
            0, days, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (day, _) => await RunAsync(DayOf(day)));
        await RunAsync(Queue());
        await Parallel.ForEachAsync(
            ["events", "deliveries, attempts", "unfinished, idempotency_keys, subscribers, tenants"],
            async (tables, _) => await RunAsync($"vacuum (analyze) {tables}"));
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_sessions is not null)
            await _sessions.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
    }

    /// <summary>The id of some row.</summary>
    public Task<Guid> AnyAsync(string table, int day, string column = "id") => ScalarAsync(
        $"select {column} from {table} where id >= '{FirstIdOf(day)}' and id < '{FirstIdOf(day + 1)}' order by id offset 10 limit 1");

    public static Guid FirstIdOf(int day) => TimeBounds.FirstIdAt(FirstDay.AddDays(day));

    private const string Functions =
        """
        create function test_id(ms bigint, n bigint) returns uuid language sql immutable as $$
            select (lpad(to_hex(ms), 12, '0') || '7' || lpad(to_hex(n & 4095), 3, '0') || '8' || substr(md5(n::text), 1, 15))::uuid
        $$;

        """;

    private const string Endpoints =
        """
        insert into tenants (id, name, changed_at, created_at, updated_at)
        select gen_random_uuid(), 'tenant', now(), now(), now() from generate_series(1, 5);
        insert into subscribers (no, id, tenant, url, events, payload_format, secret, effective_verification, opened_at,
            challenge_since, created_at, updated_at)
        overriding system value
        select n, gen_random_uuid(), case n when 100 then 2 when 200 then 3 else 1 end, 'https://receiver.example', '*', 0, '', 1, now(), now(), now(), now()
        from (select generate_series(1, 40) union select 100 union select 200 union select 1000) as s (n);
        """;

    private string DayOf(int day)
    {
        var start = FirstDay.AddDays(day).ToUnixTimeMilliseconds();
        var oldest = day == 0 ? "true" : "false";
        return string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            insert into events (id, tenant, type, payload, priority, "timestamp", created_at)
            select test_id(ms, n), case when i = 1 then {{QuietTenant}} when i % 3 = 0 then {{OtherTenant}} else {{BigTenant}} end,
                case when {{oldest}} and i between 20 and 25 then '{{RareType}}'
                    when i % 2 = 0 then '{{CommonType}}' else 'type.' || i % 7 end,
                '{"amount":42}', 1, to_timestamp(ms / 1000.0), to_timestamp(ms / 1000.0)
            from {{Numbers(start)}};
            insert into deliveries (id, tenant, event, event_type, subscriber, status, class, version, attempt_count, failures,
                trigger, waiting_since, last_attempt_at, last_status_code, created_at, finished_at)
            select test_id(ms, n * {{FanOut}} + k), case when i = 1 then {{QuietTenant}} when i % 3 = 0 then {{OtherTenant}} else {{BigTenant}} end, test_id(ms, n),
                case when {{oldest}} and i between 20 and 25 then '{{RareType}}'
                    when i % 2 = 0 then '{{CommonType}}' else 'type.' || i % 7 end,
                case when i = 1 then 100 when i % 3 = 0 then 200 when {{oldest}} and i between 31 and 37 and k = 1 then {{QuietSubscriber}}
                    else 1 + (i * {{FanOut}} + k) % 40 end,
                case when i = 1 or (i + k) % 50 = 0 then 3 when (i + k) % 501 = 0 then 4 else 2 end,
                1, 2, 1, 0, 0, to_timestamp(ms / 1000.0), to_timestamp(ms / 1000.0), 200, to_timestamp(ms / 1000.0),
                to_timestamp(ms / 1000.0 + 1)
            from {{Numbers(start)}}, generate_series(1, case when i = 1 then 1 else {{FanOut}} end) as k;
            insert into attempts (delivery, id, number, trigger, started_at, duration_us, outcome, status_code, request_headers,
                response_headers, response_truncated, late)
            select test_id(ms, n * {{FanOut}} + 1), test_id(ms + 1, n), 1, 0, to_timestamp(ms / 1000.0), 900, 0, 200, '{}', '{}', false, false
            from {{Numbers(start)}};
            """);
    }

    // Now and then the id of a row is needed that nobody else has: its number counts over all days.
    private string Numbers(long start) => string.Create(
        CultureInfo.InvariantCulture,
        $"(select i, {start} + (i - 1) * {86_400_000L / eventsPerDay} as ms, {start / 86_400_000L * eventsPerDay} + i::bigint as n from generate_series(1, {eventsPerDay}) as i) as numbers");

    // Of every tenth the endpoint was sent it already, and failed.
    private string Queue()
    {
        var start = Now.ToUnixTimeMilliseconds();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            insert into unfinished (id, tenant, event, event_type, subscriber, status, class, due, waiting_since, created_at)
            select test_id({start} + i, i), 1, test_id({start} + i, i), '{CommonType}', 1 + i % 40, case when i % 10 = 0 then 1 else 0 end,
                1, to_timestamp({start} / 1000.0 + i), to_timestamp({start} / 1000.0), to_timestamp({start} / 1000.0)
            from generate_series(1, {pending}) as i;
            insert into idempotency_keys (tenant, key_hash, event, content_hash, enqueued_count, expires_at)
            select 1, decode(md5(i::text), 'hex'), test_id({start}, i), '', 1, to_timestamp({start} / 1000.0 + i)
            from generate_series(1, {pending}) as i;
            """);
    }

    private async Task<Guid> ScalarAsync(string sql)
    {
        await using var connection = await Sessions.General.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (Guid)(await command.ExecuteScalarAsync())!;
    }

    private async Task RunAsync(string sql)
    {
        await using var connection = await _database!.ConnectAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
        await command.ExecuteNonQueryAsync();
    }
}
