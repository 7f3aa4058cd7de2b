using System.Globalization;
using Hookstream.Storage.Sqlite.Deliveries;
using Hookstream.Storage.Sqlite.Queueing;

namespace Hookstream.Storage.Sqlite.Replays;

/// <summary>
/// Replays all deliveries that match a query, in chunks, behind fresh events. The set is fixed at acceptance: what was
/// finished or replayed after that is left out. What was accepted is a row, so that it survives a restart.
/// </summary>
internal sealed class BulkReplay(
    GroupCommit writer,
    ReaderPool readers,
    SubscriberCatalog subscribers,
    LeaseTable leases,
    LaneSet lanes,
    CancellationBacklog cancellations,
    VerificationMode verification,
    TimeProvider time)
{
    private const int Chunk = 200;

    private const string Accept =
        """
        insert into bulk_replays (tenant, status, subscriber, event, event_type, since, until, accepted_at)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        """;

    private const string Next =
        """
        select no, tenant, status, subscriber, event, event_type, since, until, accepted_at, seen
        from bulk_replays
        order by no
        limit 1
        """;

    public async Task<long> AcceptAsync(
        TenantEntry owner, DeliveryQuery query, bool dryRun, CancellationToken cancellation)
    {
        var now = time.Now();
        var count = await readers.ReadAsync(database => Count(database, owner.No, query, now), cancellation);
        if (dryRun || count == 0)
            return count;
        await writer.WriteAsync(database => database.Prepare(Accept)
            .Bind(1, owner.No)
            .Bind(2, (long)(query.Status ?? DeliveryStatus.DeadLetter))
            .Bind(3, query.Subscriber?.Value)
            .Bind(4, query.Event?.Value)
            .Bind(5, query.EventType?.Value)
            .Bind(6, query.Since)
            .Bind(7, query.Until)
            .Bind(8, now)
            .Run());
        return count;
    }

    /// <summary>Replays the next chunk; true when there may be more.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellation)
    {
        var job = await readers.ReadAsync(database => database.Prepare(Next).Scalar(Read), cancellation);
        if (job is null)
            return false;
        var rows = await readers.ReadAsync(database => ReadChunk(database, job), cancellation);
        await ReplayAsync(job, rows);
        return true;
    }

    private static Job Read(Statement row) => new(
        row.Int64(0),
        row.Int64(1),
        new DeliveryQuery(
            (DeliveryStatus)row.Int32(2),
            row.NullableGuid(3) is { } subscriber ? new SubscriberId(subscriber) : null,
            row.NullableGuid(4) is { } parent ? new EventId(parent) : null,
            row.NullableText(5) is { } type ? EventType.FromStore(type) : null,
            row.NullableTime(6),
            row.NullableTime(7)),
        row.Time(8),
        row.NullableGuid(9));

    private long Count(DatabaseConnection database, long tenantNo, DeliveryQuery query, DateTimeOffset acceptedAt)
    {
        using var statement = Prepare(database, "select count(*)", tenantNo, query, acceptedAt, seen: null, "");
        return statement.Scalar(row => row.Int64(0));
    }

    private List<ReplayRow> ReadChunk(DatabaseConnection database, Job job)
    {
        var rest = string.Create(CultureInfo.InvariantCulture, $"order by d.id\nlimit {Chunk}");
        using var statement = Prepare(
            database, ReplayRows.Select, job.TenantNo, job.Query, job.AcceptedAt, job.Seen, rest);
        return statement.ReadAll(ReplayRows.Read);
    }

    private Statement Prepare(
        DatabaseConnection database,
        string select,
        long tenantNo,
        DeliveryQuery query,
        DateTimeOffset acceptedAt,
        Guid? seen,
        string rest)
    {
        var cancelling = cancellations.IsBusy;
        return DeliveryConditions.Of(tenantNo, query, verification, cancelling)
            .And("s.deleted_at is null")
            .And("d.waiting_since <= ?", Conditions.Value(acceptedAt))
            .And("(d.finished_at is null or d.finished_at <= ?)", Conditions.Value(acceptedAt))
            .AndIf(seen, "d.id > ?", Conditions.Value)
            .Prepare(database, $"{select}\n{DeliveryConditions.FromClause(query, cancelling)}", rest);
    }

    private Task<int> ReplayAsync(Job job, List<ReplayRow> rows)
    {
        var locks = new ChangeLocks(leases);
        var due = new List<Lane>();
        var now = time.Now();
        return writer.WriteAsync(
            database =>
            {
                due.Clear();
                foreach (var row in rows)
                {
                    // What was changed, deleted or claimed since it was read is left out.
                    if (subscribers.TryGet(row.SubscriberNo, out var entry)
                        && locks.TryTake(row.Id, entry.Lane)
                        && ReplayRows.Replay(database, job.TenantNo, row, LaneClass.Background, now))
                        due.Add(entry.Lane);
                }

                return rows.Count < Chunk
                    ? database.Prepare("delete from bulk_replays where no = ?1").Bind(1, job.No).Run()
                    : database.Prepare("update bulk_replays set seen = ?2 where no = ?1")
                        .Bind(1, job.No)
                        .Bind(2, rows[^1].Id.Value)
                        .Run();
            },
            _ =>
            {
                locks.ReleaseAll();
                foreach (var lane in due)
                    lanes.Signal(lane, LaneClass.Background, now.ToUnixTimeMilliseconds());
            },
            locks.ReleaseAll);
    }

    /// <summary>An accepted bulk replay, and the last delivery that it has looked at.</summary>
    private sealed record Job(long No, long TenantNo, DeliveryQuery Query, DateTimeOffset AcceptedAt, Guid? Seen);
}
