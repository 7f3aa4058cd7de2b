using Hookstream.Core.Recoveries;
using Npgsql;
using NpgsqlTypes;

namespace Hookstream.Storage.Postgres.Replays;

/// <summary>
/// Recovers subscribers: goes through the events of a window in chunks, replays what failed and sends what was missed, behind
/// fresh events. What was accepted is a row, so that it survives a restart.
/// </summary>
internal sealed class Recovery(Sessions sessions, StoreClock clock, DeliveryChanges changes, Wakeups wakeups)
{
    /// <summary>Events that are looked at in one go; each may be written.</summary>
    internal const int Chunk = 500;

    private const string FindSubscriber =
        """
        select s.no, s.events, s.disabled_reason is not null, date_trunc('milliseconds', coalesce($3, statement_timestamp()))
        from subscribers s
        where s.id = $1 and s.tenant = $2 and s.deleted_at is null
        """;

    // Index: deliveries_subscriber.
    internal const string Failed =
        """
        select d.status, d.error_code, max(d.finished_at), count(*)
        from deliveries d
        where d.subscriber = $1 and d.status in (3, 4) and d.id >= $2 and d.event >= $3 and d.event < $4 and d.finished_at <= $5
        group by d.status, d.error_code
        """;

    // Indexes: events_tenant, unfinished_lane, deliveries_subscriber.
    internal const string Missed =
        """
        select e.type, count(*)
        from events e
        where e.tenant = $1 and e.id >= $2 and e.id < $3
            and not exists (select 1 from unfinished d where d.subscriber = $4 and d.event = e.id)
            and not exists (select 1 from deliveries d where d.subscriber = $4 and d.id >= $5 and d.event = e.id)
        group by e.type
        """;

    // Indexes: events_tenant, unfinished_event, deliveries_event; the limit keeps the planner from reading all of a subscriber.
    internal const string NextEvents =
        """
        select e.id, e.type, d.id, d.status, d.error_code, d.finished_at, d.version
        from (
            select id, type
            from events
            where tenant = $1 and id > $2 and id < $3
            order by id
            limit $6
        ) e
        left join lateral (
            select id, status, null as error_code, null::timestamptz as finished_at, version
            from unfinished
            where event = e.id and subscriber = $4
            union all
            select id, status, error_code, finished_at, version
            from deliveries
            where event = e.id and subscriber = $4 and id >= $5
            limit 1
        ) d on true
        order by e.id
        """;

    // Locked, so that of two who send an event to one who never had it the second finds the first, and retention neither.
    private const string LockEvents =
        """
        select e.id, e.type
        from events e
        where e.id = any ($1) and e.tenant = $2
        order by e.id
        for no key update of e
        """;

    private const string Had =
        """
        select event
        from unfinished
        where event = any ($1) and subscriber = $2
        union all
        select event
        from deliveries
        where event = any ($1) and subscriber = $2 and id >= $3
        """;

    private const string Send =
        """
        insert into unfinished (id, tenant, event, event_type, subscriber, status, class, due, trigger, waiting_since, created_at)
        select w.id, $4, w.event, w.event_type, $5, 0, $6, now.at, 1, now.at, now.at
        from unnest($1, $2, $3) as w (id, event, event_type)
        cross join (select date_trunc('milliseconds', coalesce($7, statement_timestamp())) as at) now
        returning id, due
        """;

    private const string Accept =
        """
        insert into recoveries (tenant, subscriber, events, since, until, missed_since, accepted_at)
        values ($1, $2, $3, $4, $5, $6, $7)
        """;

    // In turn, so that a long one does not keep the others waiting.
    private const string Next =
        """
        select r.no, r.tenant, r.subscriber, r.events, r.since, r.until, r.missed_since, r.accepted_at, r.seen, s.id, t.id,
            s.deleted_at is not null or s.disabled_reason is not null
        from recoveries r
        join subscribers s on s.no = r.subscriber
        join tenants t on t.no = r.tenant
        order by r.no <= $1, r.no
        limit 1
        """;

    private long _last;

    public Task<RecoveryResult> AcceptAsync(
        long tenantNo, SubscriberId subscriber, RecoveryWindow window, CancellationToken cancellation) =>
        sessions.General.ReadAsync(
            async connection =>
            {
                var found = await connection.Command(FindSubscriber)
                    .Bind(subscriber.Value)
                    .Bind(tenantNo)
                    .BindNow(clock)
                    .ReadAllAsync(
                        row => (No: row.GetInt64(0), Events: row.GetString(1), Disabled: row.GetBoolean(2), Now: row.Time(3)),
                        cancellation);
                if (found is not [var one])
                    return new RecoveryResult(RecoveryOutcome.NotFound, 0);
                if (one.Disabled)
                    return new RecoveryResult(RecoveryOutcome.Disabled, 0);
                var accepted = AcceptedRecovery.Of(tenantNo, one.No, SubscriberText.ParseFilters(one.Events), window, one.Now);
                var count = await CountAsync(connection, accepted, cancellation);
                if (count > 0)
                    await AcceptAsync(connection, accepted, one.Events, cancellation);
                return new RecoveryResult(RecoveryOutcome.Accepted, count);
            },
            cancellation);

    /// <summary>Does the next chunk; true when there may be more.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellation)
    {
        if (await sessions.General.ReadAsync(
            connection => connection.Command(Next).Bind(_last).ReadAllAsync(Read, cancellation), cancellation) is not [var job])
            return false;
        _last = job.No;
        var rows = job.Ended
            ? []
            : await sessions.General.ReadAsync(
                connection => NextCommand(connection, job.Recovery, job.Seen).ReadAllAsync(row => Read(row, job.Recovery), cancellation),
                cancellation);
        var versions = rows.Where(row => row is { Recover: true, Delivery: not null })
            .ToDictionary(row => row.Delivery!.Value, row => row.Version);
        Guid[] missed = [.. rows.Where(row => row is { Recover: true, Delivery: null }).Select(row => row.Event.Value)];
        var due = new List<Wakeups.DueDelivery>();
        await changes.ChangeAsync(
            job.Recovery.TenantNo,
            [.. versions.Keys],
            // What was changed, deleted or claimed since it was read is left out.
            row => row.SubscriberDeleted || row.InFlight || row.Version != versions[row.Id]
                ? null
                : new Change.Replay(LaneClass.Background),
            async connection =>
            {
                due.Clear();
                if (missed.Length > 0)
                    due.AddRange(await SendAsync(connection, job, missed, cancellation));
                await MoveOnAsync(connection, job, rows, cancellation);
            },
            cancellation);
        // It is committed: whoever called it off meanwhile must not keep the queue from knowing.
        await wakeups.DueAsync(due, CancellationToken.None);
        return true;
    }

    /// <summary>The next events of the window, each with the delivery that the subscriber has of it.</summary>
    internal static NpgsqlCommand NextCommand(NpgsqlConnection connection, AcceptedRecovery recovery, Guid? seen) =>
        connection.Command(NextEvents)
            .Bind(recovery.TenantNo)
            .Bind(seen ?? recovery.FirstEvent)
            .Bind(recovery.EndOfEvents)
            .Bind(recovery.SubscriberNo)
            .Bind(recovery.FirstDelivery)
            .Bind(Chunk);

    private static async Task<long> CountAsync(
        NpgsqlConnection connection, AcceptedRecovery recovery, CancellationToken cancellation)
    {
        var failed = await connection.Command(Failed)
            .Bind(recovery.SubscriberNo)
            .Bind(recovery.FirstDelivery)
            .Bind(recovery.FirstEvent)
            .Bind(recovery.EndOfEvents)
            .Bind(recovery.AcceptedAt)
            .ReadAllAsync(
                row => recovery.HasFailed((DeliveryStatus)row.GetInt16(0), row.NullableText(1), row.Time(2)) ? row.GetInt64(3) : 0,
                cancellation);
        var missed = await connection.Command(Missed)
            .Bind(recovery.TenantNo)
            .Bind(recovery.FirstMissed)
            .Bind(recovery.EndOfEvents)
            .Bind(recovery.SubscriberNo)
            .Bind(recovery.FirstDelivery)
            .ReadAllAsync(row => recovery.Wants(EventType.FromStore(row.GetString(0))) ? row.GetInt64(1) : 0, cancellation);
        return failed.Sum() + missed.Sum();
    }

    private static Task<int> AcceptAsync(
        NpgsqlConnection connection, AcceptedRecovery recovery, string filters, CancellationToken cancellation) =>
        connection.Command(Accept)
            .Bind(recovery.TenantNo)
            .Bind(recovery.SubscriberNo)
            .Bind(filters)
            .Bind(recovery.Since)
            .Bind(recovery.Until)
            .Bind(recovery.MissedSince)
            .Bind(recovery.AcceptedAt)
            .RunAsync(cancellation);

    // What was sent or removed since it was read is left out.
    private async Task<IEnumerable<Wakeups.DueDelivery>> SendAsync(
        NpgsqlConnection connection, Job job, Guid[] missed, CancellationToken cancellation)
    {
        var retired = (await connection.Command(ChangeStatements.RetiredDays)
            .ReadAllAsync(row => row.GetFieldValue<DateOnly>(0), cancellation)).ToHashSet();
        var events = await connection.Command(LockEvents)
            .Bind([.. missed.Where(id => !retired.Contains(PartitionSet.DayOf(id)))])
            .Bind(job.Recovery.TenantNo)
            .ReadAllAsync(row => (Id: row.GetGuid(0), Type: row.GetString(1)), cancellation);
        var had = (await connection.Command(Had)
            .Bind([.. events.Select(one => one.Id)])
            .Bind(job.Recovery.SubscriberNo)
            .Bind(job.Recovery.FirstDelivery)
            .ReadAllAsync(row => row.GetGuid(0), cancellation)).ToHashSet();
        events.RemoveAll(one => had.Contains(one.Id));
        var now = clock.GetUtcNow();
        var sent = await connection.Command(Send)
            .Bind([.. events.Select(_ => DeliveryId.New(now).Value)])
            .Bind([.. events.Select(one => one.Id)])
            .Bind(NpgsqlDbType.Array | NpgsqlDbType.Text, events.Select(one => one.Type).ToArray())
            .Bind(job.Recovery.TenantNo)
            .Bind(job.Recovery.SubscriberNo)
            .Bind(NpgsqlDbType.Smallint, (short)LaneClass.Background)
            .BindNow(clock)
            .ReadAllAsync(row => (Id: new DeliveryId(row.GetGuid(0)), Due: row.Time(1)), cancellation);
        return sent.Select(one => new Wakeups.DueDelivery(
            new QueuedDelivery(one.Id, job.Tenant, job.Subscriber, LaneClass.Background, one.Due, 0), job.Recovery.SubscriberNo));
    }

    private static Task<int> MoveOnAsync(NpgsqlConnection connection, Job job, List<Row> rows, CancellationToken cancellation) =>
        rows.Count < Chunk
            ? connection.Command("delete from recoveries where no = $1").Bind(job.No).RunAsync(cancellation)
            : connection.Command("update recoveries set seen = $2 where no = $1")
                .Bind(job.No)
                .Bind(rows[^1].Event.Value)
                .RunAsync(cancellation);

    private static Job Read(NpgsqlDataReader row) => new(
        row.GetInt64(0),
        new AcceptedRecovery(
            row.GetInt64(1),
            row.GetInt64(2),
            SubscriberText.ParseFilters(row.GetString(3)),
            row.Time(4),
            row.Time(5),
            row.Time(6),
            row.Time(7)),
        row.NullableGuid(8),
        new SubscriberId(row.GetGuid(9)),
        new TenantId(row.GetGuid(10)),
        row.GetBoolean(11));

    private static Row Read(NpgsqlDataReader row, AcceptedRecovery recovery)
    {
        var id = new EventId(row.GetGuid(0));
        return row.IsDBNull(2)
            ? new Row(id, null, 0, recovery.IsMissed(id, EventType.FromStore(row.GetString(1))))
            : new Row(
                id,
                new DeliveryId(row.GetGuid(2)),
                row.GetInt64(6),
                recovery.HasFailed((DeliveryStatus)row.GetInt16(3), row.NullableText(4), row.NullableTime(5)));
    }

    /// <summary>An event of the window, the delivery that the subscriber has of it, and whether that is to be recovered.</summary>
    private readonly record struct Row(EventId Event, DeliveryId? Delivery, long Version, bool Recover);

    /// <summary>A recovery under way, and the last event that it has looked at.</summary>
    /// <param name="No">Its number.</param>
    /// <param name="Recovery">What was accepted.</param>
    /// <param name="Seen">The last event that it has looked at.</param>
    /// <param name="Subscriber">Whose it is.</param>
    /// <param name="Tenant">The subscriber's tenant.</param>
    /// <param name="Ended">True: the subscriber has been deleted or disabled, and nothing more is to be done.</param>
    private sealed record Job(
        long No, AcceptedRecovery Recovery, Guid? Seen, SubscriberId Subscriber, TenantId Tenant, bool Ended);
}
