using Npgsql;
using NpgsqlTypes;

namespace Hookstream.Storage.Postgres.Replays;

/// <summary>Replays and cancels single deliveries, and the deliveries of one event.</summary>
internal sealed class DeliveryReplay(Sessions sessions, StoreClock clock, DeliveryChanges changes, Wakeups wakeups)
{
    private const int MaxTries = 10;

    private const string Exists =
        """
        select exists (select 1 from unfinished where id = $1 and tenant = $2)
            or exists (select 1 from deliveries where id = $1 and tenant = $2)
        """;

    private const string EventExists = "select 1 from events where id = $1 and tenant = $2";

    // Indexes: unfinished_event, deliveries_event of the event's day and later ones.
    internal const string OfEvent =
        """
        select id
        from (
            select id, subscriber
            from unfinished
            where event = $1 and tenant = $2
            union all
            select id, subscriber
            from deliveries
            where event = $1 and tenant = $2 and id >= $3
        ) d
        where $4::bigint is null or subscriber = $4
        order by id
        """;

    private const string FindSubscriber = "select no from subscribers where id = $1 and tenant = $2 and deleted_at is null";

    // Locked, so that of two replays to one who never had it the second finds the first, and retention neither.
    private const string LockEvent =
        """
        select e.type, e.priority, t.id
        from events e
        join tenants t on t.no = e.tenant
        where e.id = $1 and e.tenant = $2 and not exists (select 1 from retired_days where day = $3)
        for no key update of e
        """;

    private const string Send =
        """
        insert into unfinished (id, tenant, event, event_type, subscriber, status, class, due, trigger, waiting_since, created_at)
        values ($1, $2, $3, $4, $5, 0, $6, $7, 1, $7, $7)
        """;

    private const string StoreNow = "select date_trunc('milliseconds', coalesce($1, statement_timestamp()))";

    public Task<ReplayOutcome> ReplayAsync(long tenantNo, DeliveryId id, CancellationToken cancellation) =>
        ChangeOneAsync(
            tenantNo,
            id,
            row => row.SubscriberDeleted ? ReplayOutcome.SubscriberDeleted
                : row.InFlight ? ReplayOutcome.InFlight
                : ReplayOutcome.Accepted,
            row => new Change.Replay(row.Priority),
            cancellation);

    public Task<ReplayOutcome> CancelAsync(long tenantNo, DeliveryId id, CancellationToken cancellation) =>
        ChangeOneAsync(
            tenantNo,
            id,
            row => row.SubscriberDeleted ? ReplayOutcome.SubscriberDeleted
                : row.Status == DeliveryStatus.Delivered ? ReplayOutcome.AlreadyDelivered
                : row.InFlight ? ReplayOutcome.InFlight
                : ReplayOutcome.Accepted,
            row => row.Status == DeliveryStatus.Cancelled ? null : new Change.Cancel(DeliveryErrors.CancelledByPerson),
            cancellation);

    /// <summary>To everyone who had the event; who was deleted, and what is in flight, is left out.</summary>
    public async Task<EventReplayResult> EventAsync(long tenantNo, EventId id, CancellationToken cancellation)
    {
        var had = await sessions.General.ReadAsync(
            async connection => await ExistsAsync(connection, EventExists, id.Value, tenantNo, cancellation)
                ? await HadAsync(connection, tenantNo, id, null, cancellation)
                : null,
            cancellation);
        if (had is null)
            return new EventReplayResult(ReplayOutcome.NotFound, 0);
        var changed = await changes.ChangeAsync(
            tenantNo,
            had,
            row => row.SubscriberDeleted || row.InFlight ? null : new Change.Replay(row.Priority),
            also: null,
            cancellation);
        return new EventReplayResult(ReplayOutcome.Accepted, changed.Count(change => change.Change is not null));
    }

    /// <summary>To one subscriber, whether it had the event or not.</summary>
    public async Task<EventReplayResult> EventToAsync(
        long tenantNo, EventId id, SubscriberId subscriber, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            var outcome = await TrySendAsync(tenantNo, id, subscriber, cancellation) switch
            {
                { Had: { } had } => await ReplayAsync(tenantNo, had, cancellation),
                { Sent: true } => ReplayOutcome.Accepted,
                _ => ReplayOutcome.NotFound,
            };
            // Retention may have taken it between the two.
            if (outcome != ReplayOutcome.NotFound || tries == 2)
                return new EventReplayResult(outcome, outcome == ReplayOutcome.Accepted ? 1 : 0);
        }
    }

    private async Task<ReplayOutcome> ChangeOneAsync(
        long tenantNo,
        DeliveryId id,
        Func<ChangeableRow, ReplayOutcome> judge,
        Func<ChangeableRow, Change?> change,
        CancellationToken cancellation)
    {
        for (var tries = 1; tries <= MaxTries; tries++)
        {
            var changed = await changes.ChangeAsync(
                tenantNo, [id], row => judge(row) == ReplayOutcome.Accepted ? change(row) : null, also: null, cancellation);
            if (changed is [var (row, _)])
                return judge(row);
            // Another replay may have moved it out of the history just between the two looks for it.
            if (!await sessions.General.ReadAsync(
                connection => ExistsAsync(connection, Exists, id.Value, tenantNo, cancellation), cancellation))
                return ReplayOutcome.NotFound;
        }

        return ReplayOutcome.NotFound;
    }

    private async Task<SendOutcome> TrySendAsync(
        long tenantNo, EventId id, SubscriberId subscriber, CancellationToken cancellation)
    {
        var due = default(Wakeups.DueDelivery);
        var outcome = await sessions.General.ChangeAsync(
            async connection =>
            {
                await connection.Command(ChangeStatements.ShareRetention).RunAsync(cancellation);
                var find = connection.Command(FindSubscriber).Bind(subscriber.Value).Bind(tenantNo);
                if (await find.ReadValueAsync(cancellation) is not long subscriberNo)
                    return default;
                var locked = await connection.Command(LockEvent)
                    .Bind(id.Value)
                    .Bind(tenantNo)
                    .Bind(NpgsqlDbType.Date, PartitionSet.DayOf(id.Value))
                    .ReadAllAsync(
                        row => (Type: row.GetString(0), Priority: row.GetInt16(1), Tenant: new TenantId(row.GetGuid(2))), cancellation);
                if (locked is not [var sent])
                    return default;
                if (await HadAsync(connection, tenantNo, id, subscriberNo, cancellation) is [var had, ..])
                    return new SendOutcome(had, false);

                var now = (await connection.Command(StoreNow).BindNow(clock).ReadAllAsync(row => row.Time(0), cancellation))[0];
                var delivery = DeliveryId.New(clock.GetUtcNow());
                await connection.Command(Send)
                    .Bind(delivery.Value)
                    .Bind(tenantNo)
                    .Bind(id.Value)
                    .Bind(sent.Type)
                    .Bind(subscriberNo)
                    .Bind(NpgsqlDbType.Smallint, sent.Priority)
                    .Bind(now)
                    .RunAsync(cancellation);
                due = new Wakeups.DueDelivery(
                    new QueuedDelivery(delivery, sent.Tenant, subscriber, sent.Priority, now, 0), subscriberNo);
                return new SendOutcome(null, true);
            },
            cancellation);
        if (outcome.Sent)
            await wakeups.DueAsync([due], CancellationToken.None);
        return outcome;
    }

    private static async Task<bool> ExistsAsync(
        NpgsqlConnection connection, string sql, Guid id, long tenantNo, CancellationToken cancellation) =>
        await connection.Command(sql).Bind(id).Bind(tenantNo).ReadValueAsync(cancellation) is int or true;

    private static Task<List<DeliveryId>> HadAsync(
        NpgsqlConnection connection, long tenantNo, EventId id, long? subscriberNo, CancellationToken cancellation) =>
        connection.Command(OfEvent)
            .Bind(id.Value)
            .Bind(tenantNo)
            .Bind(Deliveries.DeliverySides.FirstOf(id))
            .Bind(NpgsqlDbType.Bigint, subscriberNo)
            .ReadAllAsync(row => new DeliveryId(row.GetGuid(0)), cancellation);

    /// <summary>A delivery that the subscriber had already, or that one was made.</summary>
    private readonly record struct SendOutcome(DeliveryId? Had, bool Sent);
}
