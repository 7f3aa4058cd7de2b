using Hookstream.Core.Recoveries;
using Hookstream.Storage.Sqlite.Deliveries;
using Hookstream.Storage.Sqlite.Queueing;

namespace Hookstream.Storage.Sqlite.Replays;

/// <summary>
/// Recovers subscribers: goes through the events of a window in chunks, replays what failed and sends what was missed, behind
/// fresh events. What was accepted is a row, so that it survives a restart.
/// </summary>
internal sealed class Recovery(
    GroupCommit writer,
    ReaderPool readers,
    SubscriberCatalog subscribers,
    LeaseTable leases,
    LaneSet lanes,
    TimeProvider time)
{
    // Events that are looked at in one go; each may be written.
    private const int Chunk = 500;

    // Index: deliveries_subscriber.
    internal const string Failed =
        """
        select d.status, d.error_code, max(d.finished_at), count(*)
        from deliveries d indexed by deliveries_subscriber
        where d.subscriber = ?1 and d.id >= ?2 and d.event >= ?3 and d.event < ?4 and d.status in (3, 4) and d.finished_at <= ?5
        group by d.status, d.error_code
        """;

    // Primary key, and deliveries_subscriber once: whoever has many fellow subscribers need not read their deliveries.
    internal const string Missed =
        """
        select type, count(*)
        from events
        where tenant = ?1 and id >= ?2 and id < ?3 and id not in (
            select d.event
            from deliveries d indexed by deliveries_subscriber
            where d.subscriber = ?4 and d.id >= ?5)
        group by type
        """;

    // Primary key; index: deliveries_event.
    internal const string NextEvents =
        """
        select e.id, e.type, d.id, d.status, d.error_code, d.finished_at, d.version
        from events e
        left join deliveries d indexed by deliveries_event
            on d.tenant = e.tenant and d.event = e.id and d.subscriber = ?4
        where e.tenant = ?1 and e.id > ?2 and e.id < ?3
        order by e.id
        limit ?5
        """;

    // Primary key; index: deliveries_event. Asked again: it may have been sent by a person since it was read, or be gone.
    internal const string IsStillMissed =
        """
        select 1
        from events e
        where e.tenant = ?1 and e.id = ?2 and not exists (
            select 1
            from deliveries d indexed by deliveries_event
            where d.tenant = ?1 and d.event = ?2 and d.subscriber = ?3)
        """;

    private const string Accept =
        """
        insert into recoveries (tenant, subscriber, events, since, until, missed_since, accepted_at)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7)
        """;

    // In turn, so that a long one does not keep the others waiting.
    private const string Next =
        """
        select no, tenant, subscriber, events, since, until, missed_since, accepted_at, seen
        from recoveries
        order by no <= ?1, no
        limit 1
        """;

    private long _last;

    public async Task<RecoveryResult> AcceptAsync(
        TenantEntry owner, SubscriberId subscriber, RecoveryWindow window, CancellationToken cancellation)
    {
        if (!subscribers.TryGet(owner.Tenant.Id, subscriber, out var entry))
            return new RecoveryResult(RecoveryOutcome.NotFound, 0);
        if (!entry.TakesEvents)
            return new RecoveryResult(RecoveryOutcome.Disabled, 0);
        var filters = entry.Subscriber.Settings.Events;
        var accepted = AcceptedRecovery.Of(owner.No, entry.No, filters, window, time.Now());
        var count = await readers.ReadAsync(database => Count(database, accepted), cancellation);
        if (count > 0)
        {
            await writer.WriteAsync(database => database.Prepare(Accept)
                .Bind(1, accepted.TenantNo)
                .Bind(2, accepted.SubscriberNo)
                .Bind(3, SubscriberText.Of(filters))
                .Bind(4, accepted.Since)
                .Bind(5, accepted.Until)
                .Bind(6, accepted.MissedSince)
                .Bind(7, accepted.AcceptedAt)
                .Run());
        }

        return new RecoveryResult(RecoveryOutcome.Accepted, count);
    }

    /// <summary>Does the next chunk; true when there may be more.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellation)
    {
        var job = await readers.ReadAsync(database => database.Prepare(Next).Bind(1, _last).Scalar(Read), cancellation);
        if (job is null)
            return false;
        _last = job.No;
        var rows = await readers.ReadAsync(database => ReadChunk(database, job), cancellation);
        await WriteAsync(job, rows);
        return true;
    }

    private static Job Read(Statement row) => new(
        row.Int64(0),
        new AcceptedRecovery(
            row.Int64(1),
            row.Int64(2),
            SubscriberText.ParseFilters(row.Text(3)),
            row.Time(4),
            row.Time(5),
            row.Time(6),
            row.Time(7)),
        row.NullableGuid(8));

    private static long Count(DatabaseConnection database, AcceptedRecovery recovery)
    {
        var failed = database.Prepare(Failed)
            .Bind(1, recovery.SubscriberNo)
            .Bind(2, recovery.FirstDelivery)
            .Bind(3, recovery.FirstEvent)
            .Bind(4, recovery.EndOfEvents)
            .Bind(5, recovery.AcceptedAt)
            .ReadAll(row => recovery.HasFailed((DeliveryStatus)row.Int32(0), row.NullableText(1), row.Time(2)) ? row.Int64(3) : 0);
        var missed = database.Prepare(Missed)
            .Bind(1, recovery.TenantNo)
            .Bind(2, recovery.FirstMissed)
            .Bind(3, recovery.EndOfEvents)
            .Bind(4, recovery.SubscriberNo)
            .Bind(5, recovery.FirstDelivery)
            .ReadAll(row => recovery.Wants(EventType.FromStore(row.Text(0))) ? row.Int64(1) : 0);
        return failed.Sum() + missed.Sum();
    }

    private static List<Row> ReadChunk(DatabaseConnection database, Job job) =>
        database.Prepare(NextEvents)
            .Bind(1, job.Recovery.TenantNo)
            .Bind(2, job.Seen ?? job.Recovery.FirstEvent)
            .Bind(3, job.Recovery.EndOfEvents)
            .Bind(4, job.Recovery.SubscriberNo)
            .Bind(5, Chunk)
            .ReadAll(row => Read(row, job.Recovery));

    private static Row Read(Statement row, AcceptedRecovery recovery)
    {
        var id = new EventId(row.Guid(0));
        if (row.IsNull(2))
            return new Row(id, null, recovery.IsMissed(id, EventType.FromStore(row.Text(1))));
        var status = (DeliveryStatus)row.Int32(3);
        var delivery = new ReplayRow(
            new DeliveryId(row.Guid(2)), recovery.SubscriberNo, status, LaneClass.Background, row.Int64(6));
        return new Row(id, delivery, recovery.HasFailed(status, row.NullableText(4), row.NullableTime(5)));
    }

    private Task<int> WriteAsync(Job job, List<Row> rows)
    {
        var locks = new ChangeLocks(leases);
        var due = default(Lane);
        var now = time.Now();
        return writer.WriteAsync(
            database =>
            {
                due = null;
                var live = subscribers.TryGet(job.Recovery.SubscriberNo, out var entry) && entry.TakesEvents;
                foreach (var row in rows)
                {
                    if (live && row.Recover && Recover(database, job.Recovery, row, entry!, locks, now))
                        due = entry!.Lane;
                }

                // Each event that was looked at has a row.
                return !live || rows.Count < Chunk
                    ? database.Prepare("delete from recoveries where no = ?1").Bind(1, job.No).Run()
                    : database.Prepare("update recoveries set seen = ?2 where no = ?1")
                        .Bind(1, job.No)
                        .Bind(2, rows[^1].Event.Value)
                        .Run();
            },
            _ =>
            {
                locks.ReleaseAll();
                if (due is not null)
                    lanes.Signal(due, LaneClass.Background, now.ToUnixTimeMilliseconds());
            },
            locks.ReleaseAll);
    }

    // What was changed, sent or removed since it was read is left out.
    private static bool Recover(
        DatabaseConnection database,
        AcceptedRecovery recovery,
        Row row,
        SubscriberEntry entry,
        ChangeLocks locks,
        DateTimeOffset now)
    {
        if (row.Delivery is { } failed)
        {
            return locks.TryTake(failed.Id, entry.Lane)
                && ReplayRows.Replay(database, recovery.TenantNo, failed, LaneClass.Background, now);
        }

        var missed = database.Prepare(IsStillMissed)
            .Bind(1, recovery.TenantNo)
            .Bind(2, row.Event.Value)
            .Bind(3, recovery.SubscriberNo)
            .Scalar(_ => true);
        if (missed)
        {
            DeliveryRows.Insert(
                database,
                recovery.TenantNo,
                DeliveryId.New(now),
                row.Event,
                recovery.SubscriberNo,
                LaneClass.Background,
                now.ToUnixTimeMilliseconds(),
                AttemptTrigger.Replay,
                now);
        }

        return missed;
    }

    /// <summary>An event of the window, the delivery that the subscriber has of it, and whether that is to be recovered.</summary>
    private readonly record struct Row(EventId Event, ReplayRow? Delivery, bool Recover);

    /// <summary>A recovery under way, and the last event that it has looked at.</summary>
    private sealed record Job(long No, AcceptedRecovery Recovery, Guid? Seen);
}
