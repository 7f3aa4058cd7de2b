using System.Globalization;
using Hookstream.Storage.Postgres.Deliveries;
using Npgsql;
using NpgsqlTypes;

namespace Hookstream.Storage.Postgres.Replays;

/// <summary>
/// Replays all deliveries that match a query, in chunks, behind fresh events. The set is fixed at acceptance: what was
/// finished or replayed after that is left out. What was accepted is a row, so that it survives a restart.
/// </summary>
internal sealed class BulkReplay(Sessions sessions, StoreClock clock, DeliveryChanges changes)
{
    internal const int Chunk = 500;

    private const string StoreNow = "select date_trunc('milliseconds', coalesce($1, statement_timestamp()))";

    private const string Accept =
        """
        insert into bulk_replays (tenant, status, subscriber, event, event_type, since, until, accepted_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        """;

    private const string Next =
        """
        select no, tenant, status, subscriber, event, event_type, since, until, accepted_at, seen
        from bulk_replays
        order by no
        limit 1
        """;

    public Task<long> AcceptAsync(long tenantNo, DeliveryQuery query, bool dryRun, CancellationToken cancellation)
    {
        query = query with { Status = query.Status ?? DeliveryStatus.DeadLetter };
        return sessions.General.ReadAsync(
            async connection =>
            {
                if (await DeliveryScope.FindAsync(connection, tenantNo, query, cancellation) is not { } scope)
                    return 0;
                var now = (await connection.Command(StoreNow).BindNow(clock).ReadAllAsync(row => row.Time(0), cancellation))[0];
                if (CountCommand(connection, scope, now) is not { } counting)
                    return 0;
                var count = (await counting.ReadAllAsync(row => row.GetInt64(0), cancellation))[0];
                if (!dryRun && count > 0)
                    await AcceptAsync(connection, tenantNo, query, now, cancellation);
                return count;
            },
            cancellation);
    }

    /// <summary>Replays the next chunk; true when there may be more.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellation)
    {
        if (await sessions.General.ReadAsync(
            connection => connection.Command(Next).ReadAllAsync(Read, cancellation), cancellation) is not [var job])
            return false;
        var rows = await sessions.General.ReadAsync(
            async connection => await DeliveryScope.FindAsync(connection, job.TenantNo, job.Query, cancellation) is { } scope
                && ChunkCommand(connection, scope, job.AcceptedAt, job.Seen) is { } chunk
                    ? await chunk.ReadAllAsync(row => (Id: new DeliveryId(row.GetGuid(0)), Version: row.GetInt64(1)), cancellation)
                    : [],
            cancellation);
        var versions = rows.ToDictionary(row => row.Id, row => row.Version);
        await changes.ChangeAsync(
            job.TenantNo,
            [.. versions.Keys],
            // What was changed, deleted or claimed since it was read is left out.
            row => row.SubscriberDeleted || row.InFlight || row.Version != versions[row.Id]
                ? null
                : new Change.Replay(LaneClass.Background),
            connection => rows.Count < Chunk
                ? connection.Command("delete from bulk_replays where no = $1").Bind(job.No).RunAsync(cancellation)
                : connection.Command("update bulk_replays set seen = $2 where no = $1")
                    .Bind(job.No)
                    .Bind(rows[^1].Id.Value)
                    .RunAsync(cancellation),
            cancellation);
        return true;
    }

    /// <summary>Counts what a query matches at <paramref name="acceptedAt"/>; null when nothing can.</summary>
    internal static NpgsqlCommand? CountCommand(NpgsqlConnection connection, DeliveryScope scope, DateTimeOffset acceptedAt)
    {
        var sides = new DeliverySides(scope);
        sides.OnlyReplayableAt(acceptedAt);
        return sides.Union("d.id", "d.id", joined: true, "") is { } union
            ? sides.Conditions.Command(connection, $"select count(*)\nfrom (\n{union}\n) d")
            : null;
    }

    /// <summary>The next rows of what matched at <paramref name="acceptedAt"/>, in the order of their ids.</summary>
    internal static NpgsqlCommand? ChunkCommand(
        NpgsqlConnection connection, DeliveryScope scope, DateTimeOffset acceptedAt, Guid? seen)
    {
        var sides = new DeliverySides(scope);
        sides.OnlyReplayableAt(acceptedAt);
        sides.Conditions.AndIf(seen, "d.id > ?", NpgsqlDbType.Uuid, after => after);
        var oldest = string.Create(CultureInfo.InvariantCulture, $"order by d.id\nlimit {Chunk}");
        return sides.Union("d.id, d.version", "d.id, d.version", joined: true, oldest) is { } union
            ? sides.Conditions.Command(connection, $"select d.id, d.version\nfrom (\n{union}\n) d\n{oldest}")
            : null;
    }

    private static Task<int> AcceptAsync(
        NpgsqlConnection connection, long tenantNo, DeliveryQuery query, DateTimeOffset now, CancellationToken cancellation) =>
        connection.Command(Accept)
            .Bind(tenantNo)
            .Bind(NpgsqlDbType.Integer, (int)query.Status!.Value)
            .Bind(query.Subscriber?.Value)
            .Bind(query.Event?.Value)
            .Bind(query.EventType?.Value)
            .Bind(query.Since)
            .Bind(query.Until)
            .Bind(now)
            .RunAsync(cancellation);

    private static Job Read(NpgsqlDataReader row) => new(
        row.GetInt64(0),
        row.GetInt64(1),
        new DeliveryQuery(
            (DeliveryStatus)row.GetInt32(2),
            row.NullableGuid(3) is { } subscriber ? new SubscriberId(subscriber) : null,
            row.NullableGuid(4) is { } parent ? new EventId(parent) : null,
            row.NullableText(5) is { } type ? EventType.FromStore(type) : null,
            row.NullableTime(6),
            row.NullableTime(7)),
        row.Time(8),
        row.NullableGuid(9));

    /// <summary>An accepted bulk replay, and the last delivery that it has looked at.</summary>
    private sealed record Job(long No, long TenantNo, DeliveryQuery Query, DateTimeOffset AcceptedAt, Guid? Seen);
}
