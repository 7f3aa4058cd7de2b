using System.Text.RegularExpressions;
using Hookstream.Storage.Postgres.Deliveries;
using Hookstream.Storage.Postgres.Queueing;
using Hookstream.Storage.Postgres.Tests.Databases;
using Hookstream.Storage.Postgres.Tests.Parts;
using Npgsql;
using NpgsqlTypes;

namespace Hookstream.Storage.Postgres.Tests.Queries;

/// <summary>
/// PostgreSQL counts the rows of a table now and then, and may find none: in the queue when all is delivered, in a day's events before it
/// has begun. Plans that are made by such a count, and stay, look for each delivery, lane and event in an index as those by a right one
/// do, or every statement would read all there is.
/// </summary>
public sealed class TablesBelievedEmptyTests : MirroredSuite
{
    private const NpgsqlDbType Uuids = NpgsqlDbType.Array | NpgsqlDbType.Uuid;
    private const NpgsqlDbType Numbers = NpgsqlDbType.Array | NpgsqlDbType.Bigint;
    private const NpgsqlDbType Classes = NpgsqlDbType.Array | NpgsqlDbType.Smallint;

    public static MatrixTheoryData<string, bool> OfDeliveries { get; } = new(
        ["delivered", "delivered again", "failed", "failed again", "renewed", "released", "loaded", "read", "swept"], [true, false]);

    public static MatrixTheoryData<string, bool> OfLanes { get; } = new(
        ["claimed", "claimed at a rate", "due next", "due next at a rate", "all lanes", "topped up"], [true, false]);

    public static MatrixTheoryData<string, bool> OfEvents { get; } = new(["claimed", "loaded"], [true, false]);

    [Theory]
    [MemberData(nameof(OfDeliveries))]
    public async Task Deliveries_are_looked_for_by_their_ids(string statement, bool countedEmpty) =>
        (await ReadsAsync(statement, countedEmpty, "unfinished")).ShouldAllBe(read =>
            read.StartsWith("Index Scan using unfinished_pkey on unfinished Index Cond: (", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(OfLanes))]
    public async Task Lanes_are_looked_for_by_their_numbers(string statement, bool countedEmpty) =>
        (await ReadsAsync(statement, countedEmpty, "unfinished")).ShouldAllBe(read =>
            (read.Contains(" using unfinished_lane on ", StringComparison.Ordinal) && read.Contains(" Index Cond: (", StringComparison.Ordinal))
            // What has been found and locked is changed where it stands.
            || read.StartsWith("Tid Scan on unfinished TID Cond: (", StringComparison.Ordinal));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Next_lane_is_sought_from_the_one_before(bool countedEmpty) =>
        (await ReadsAsync("all lanes", countedEmpty, "unfinished")).ShouldContain(
            read => read.Contains(" Index Cond: ((ROW(subscriber, class) > ROW(", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(OfEvents))]
    public async Task Events_are_looked_for_by_their_ids(string statement, bool countedEmpty) =>
        (await ReadsAsync(statement, countedEmpty, "events_")).ShouldAllBe(read =>
            read.Contains("_pkey on ", StringComparison.Ordinal) && read.Contains(" Index Cond: (", StringComparison.Ordinal));

    // How a table is read: "Index Scan using unfinished_pkey on unfinished Index Cond: ((id >= s.id) AND (id <= s.id))".
    private async Task<List<string>> ReadsAsync(string statement, bool countedEmpty, string table)
    {
        var lease = await LeaseAsync();
        await Postgres.Database.ExecuteAsync(
            $"""
            create temp table waiting on commit drop as select * from unfinished;
            create temp table parents on commit drop as select * from events;
            delete from unfinished;
            delete from events;
            analyze unfinished, events;
            insert into unfinished (id, tenant, event, event_type, subscriber, status, class, due, waiting_since, created_at)
            select gen_random_uuid(), tenant, event, event_type, subscriber, status, class, due, waiting_since, created_at
            from waiting, generate_series(1, 20000);
            insert into events select * from parents;
            {(countedEmpty ? "" : "analyze unfinished, events;")}
            """);
        await using var sessions = new Sessions(
            new PostgresStoreOptions { ConnectionString = StoreDatabases.ConnectionStringOf(Postgres.Database.Url) });
        await using var connection = await sessions.Hot.OpenConnectionAsync(Cancellation);
        await using var batch = new NpgsqlBatch(connection);
        Add(batch, statement, lease);
        await batch.PrepareAsync(Cancellation);
        var plan = await PlanOfPreparedAsync(connection);

        var reads = new List<string>();
        for (var line = 0; line < plan.Count; line++)
        {
            if (Regex.IsMatch(plan[line], $@"Scan .*\bon {table}"))
                reads.Add($"{plan[line]} {plan.ElementAtOrDefault(line + 1)}");
        }

        reads.ShouldNotBeEmpty(string.Join('\n', plan));
        return reads;
    }

    // Which values it has matters to a generic plan in that days before an id are left out.
    private async Task<List<string>> PlanOfPreparedAsync(NpgsqlConnection connection)
    {
        var prepared = await connection.Command("select name, parameter_types::text[] from pg_prepared_statements")
            .ReadAllAsync(row => (Name: row.GetString(0), Parameters: row.GetFieldValue<string[]>(1)), Cancellation);
        var (name, parameters) = prepared.ShouldHaveSingleItem();
        var values = parameters.Length == 0
            ? ""
            : $"({string.Join(", ", parameters.Select(type => type == "uuid" ? $"'{Guid.Empty}'" : "null"))})";
        return await connection.Command($"explain execute \"{name}\"{values}")
            .ReadAllAsync(row => Regex.Replace(row.GetString(0), @"^[ >-]+|(?<=\bon \w+) \w+(?=  )|  \(cost=.*", ""), Cancellation);
    }

    private void Add(NpgsqlBatch batch, string statement, Lease lease)
    {
        switch (statement)
        {
            case "delivered" or "delivered again":
                AddOutcome(batch, DeliveredOf(lease), again: statement != "delivered");
                break;
            case "failed" or "failed again":
                AddOutcome(batch, RetryOf(lease, TimeSpan.FromSeconds(30)), again: statement != "failed");
                break;
            case "renewed":
                Bind(batch.AddLeases(ClaimStatements.Renew, [lease]), NpgsqlDbType.Interval, NpgsqlDbType.TimestampTz);
                break;
            case "released":
                batch.AddLeases(ClaimStatements.Release, [lease]);
                break;
            case "loaded":
                Bind(batch.Add(WorkLoading.Rows), Uuids, NpgsqlDbType.Uuid);
                break;
            case "read":
                Bind(batch.Add(QueueSource.Some), Uuids);
                break;
            case "swept":
                Bind(batch.Add(QueueSource.Unfinished), NpgsqlDbType.Uuid, NpgsqlDbType.Integer);
                break;
            case "topped up":
                Bind(
                    batch.Add(QueueSource.OfLane), NpgsqlDbType.Uuid, NpgsqlDbType.Smallint, NpgsqlDbType.TimestampTz, NpgsqlDbType.Uuid,
                    NpgsqlDbType.Integer);
                break;
            case "claimed" or "claimed at a rate":
                Bind(
                    batch.Add(statement == "claimed" ? ClaimStatements.Claim : ClaimStatements.ClaimLimited),
                    Numbers, Classes, NpgsqlDbType.Array | NpgsqlDbType.Integer, NpgsqlDbType.Interval, NpgsqlDbType.TimestampTz, NpgsqlDbType.Interval, NpgsqlDbType.Array | NpgsqlDbType.TimestampTz, Uuids, NpgsqlDbType.Boolean);
                break;
            case "due next" or "due next at a rate":
                Bind(
                    batch.Add(statement == "due next" ? ClaimStatements.Next : ClaimStatements.NextLimited),
                    Numbers, Classes, NpgsqlDbType.TimestampTz);
                break;
            case "all lanes":
                batch.Add(ClaimStatements.Waiting);
                break;
            default:
                throw new ArgumentException($"no such statement: {statement}", nameof(statement));
        }
    }

    private static void AddOutcome(NpgsqlBatch batch, Settlement settlement, bool again) =>
        SettleStatements.AddTo(
            batch, [settlement], new HashSet<int>(), again, leasedElsewhere: false, new StoreClock(TimeProvider.System, ClockSource.Store));

    private static void Bind(NpgsqlBatchCommand command, params NpgsqlDbType[] types)
    {
        foreach (var type in types)
            command.Bind(type, null);
    }
}
