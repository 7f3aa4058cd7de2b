using Hookstream.Storage.Postgres.Catalogs;
using Npgsql;
using NpgsqlTypes;

namespace Hookstream.Storage.Postgres.Deliveries;

/// <summary>The statements that record outcomes.</summary>
internal static class SettleStatements
{
    /// <summary>The status of an outcome that leaves the delivery as it was.</summary>
    public const short AsItWas = -1;

    // Rows are taken in the order of their ids. The version is the fence: who comes with an old one finds no row, and the
    // attempt is written as late. What was in flight when its endpoint went is cancelled instead of waiting again. What has failed
    // waits among the retries of its priority: LaneClass.
    private const string SettleStart =
        $"""
        with s as materialized (
            select *
            from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)
                as s (id, version, late, status, retry_in, spent, error_code, error_message, attempt, number, trigger,
                    started_at, duration_us, outcome, status_code, error, request_headers, response_headers,
                    response_body, has_response_body, response_truncated, position)
            order by s.id
        ),
        gone as (
            delete from unfinished u
            using s, subscribers e
            where {IsHeld} and (s.status >= 2 or {IsGone})
            returning u.id, u.tenant, u.event, u.event_type, u.subscriber, u.class, u.version, u.trigger, u.waiting_since,
                u.created_at, u.due, s.position,
                greatest(u.attempt_count, s.number) as attempt_count,
                u.failures + s.spent::int as failures,
                coalesce(s.started_at, u.last_attempt_at) as last_attempt_at,
                case when s.started_at is null then u.last_status_code else s.status_code end as last_status_code,
                case when s.status >= 2 then s.status else 4 end as status,
                case when s.status >= 2 then s.error_code when e.deleted_at is not null then $25 else $27 end as error_code,
                case when s.status >= 2 then s.error_message when e.deleted_at is not null then $26 else $28 end as error_message
        ),
        ended as (
            insert into deliveries (
                id, tenant, event, event_type, subscriber, status, class, version, attempt_count, failures, trigger,
                waiting_since, last_attempt_at, last_status_code, error_code, error_message, created_at, finished_at)
            select g.id, g.tenant, g.event, g.event_type, g.subscriber, g.status, g.class, g.version + 1, g.attempt_count,
                g.failures, g.trigger, g.waiting_since, g.last_attempt_at, g.last_status_code, g.error_code,
                g.error_message, g.created_at, date_trunc('milliseconds', coalesce($23, statement_timestamp()))
            from gone g
        ),
        again as (
            update unfinished u
            set status = case when s.status < 0 then u.status else s.status end,
                class = case when s.status = 1 then u.class | 4 else u.class end,
                version = u.version + 1, lease_until = null, lease_losses = 0,
                due = case when s.retry_in is null then u.due
                    else date_trunc('milliseconds', coalesce($23, statement_timestamp())) + s.retry_in end,
                attempt_count = greatest(u.attempt_count, s.number), failures = u.failures + s.spent::int,
                last_attempt_at = coalesce(s.started_at, u.last_attempt_at),
                last_status_code = case when s.started_at is null then u.last_status_code else s.status_code end,
                error_code = s.error_code, error_message = s.error_message
            from s, subscribers e
            where {IsHeld} and s.status < 2 and not ({IsGone})
            returning s.position, u.status, u.version, u.class, u.due
        ),
        outcomes as materialized (
            select position, status, version + 1 as version, class, due
            from gone
            union all
            select position, status, version, class, due
            from again
        ),
        made as (
            insert into attempts (
                delivery, id, number, trigger, started_at, duration_us, outcome, status_code, error, request_headers,
                response_headers, response_body, response_truncated, late)
            select s.id, s.attempt, s.number, s.trigger, s.started_at, s.duration_us, s.outcome, s.status_code, s.error,
                s.request_headers, s.response_headers, case when s.has_response_body then s.response_body end,
                s.response_truncated, s.position not in (select position from outcomes)
            from s
            where s.attempt is not null
        """;

    private const string SettleEnd =
        """

        )
        select position, status, version, class, due
        from outcomes
        """;

    private const string Settle = SettleStart + SettleEnd;

    // For what may have been recorded before. Looking first costs each attempt a look into its index and a second log record.
    private const string SettleAgain = SettleStart + OnConflict + SettleEnd;

    private const string OnConflict = "\n    on conflict do nothing";

    // The same for what was delivered, which is most: a third less for PostgreSQL to take in and work out. Whatever has become of the
    // endpoint meanwhile, it has been delivered.
    private const string SettleDeliveredStart =
        $"""
        with s as materialized (
            select *
            from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
                as s (id, version, attempt, number, trigger, started_at, duration_us, status_code, request_headers, response_headers,
                    response_body, response_truncated, position)
            order by s.id
        ),
        gone as (
            delete from unfinished u
            using s
            where {IsIt} and (u.lease_until is not null or $15)
            returning u.id, u.tenant, u.event, u.event_type, u.subscriber, u.class, u.version, u.trigger, u.waiting_since,
                u.created_at, u.due, u.failures, s.position, s.started_at, s.status_code,
                greatest(u.attempt_count, s.number) as attempt_count
        ),
        ended as (
            insert into deliveries (
                id, tenant, event, event_type, subscriber, status, class, version, attempt_count, failures, trigger,
                waiting_since, last_attempt_at, last_status_code, created_at, finished_at)
            select g.id, g.tenant, g.event, g.event_type, g.subscriber, $16, g.class, g.version + 1, g.attempt_count, g.failures,
                g.trigger, g.waiting_since, g.started_at, g.status_code, g.created_at,
                date_trunc('milliseconds', coalesce($14, statement_timestamp()))
            from gone g
        ),
        made as (
            insert into attempts (
                delivery, id, number, trigger, started_at, duration_us, outcome, status_code, request_headers, response_headers,
                response_body, response_truncated, late)
            select s.id, s.attempt, s.number, s.trigger, s.started_at, s.duration_us, $17, s.status_code, s.request_headers,
                s.response_headers, s.response_body, s.response_truncated, s.position not in (select position from gone)
            from s
        """;

    private const string SettleDeliveredEnd =
        """

        )
        select position, $16, version + 1, class, due
        from gone
        """;

    private const string SettleDelivered = SettleDeliveredStart + SettleDeliveredEnd;

    private const string SettleDeliveredAgain = SettleDeliveredStart + OnConflict + SettleDeliveredEnd;

    // Index: unfinished_pkey, whatever PostgreSQL believes of the queue's size: with an array there is no way to find the rows but to look
    // for each. Without, there is also that of reading all of the queue in the order of its ids, which seems as cheap while the queue
    // seems empty.
    private const string IsIt = "u.id = any (array[s.id]) and u.version = s.version";

    // The coalesce hides that unfinished_lane could be read for it, too.
    private const string IsHeld = $"{IsIt} and not s.late and (u.lease_until is not null or $24) and e.no = coalesce(u.subscriber, 0)";

    private const string IsGone = "e.deleted_at is not null or e.disabled_reason is not null";

    private const string Disable =
        """
        update subscribers
        set disabled_reason = $2, cancelling = true, challenge_due_at = null,
            cancelling_since = date_trunc('milliseconds', coalesce($3, statement_timestamp())),
            updated_at = date_trunc('milliseconds', coalesce($3, statement_timestamp()))
        where id = $1 and disabled_reason is null and deleted_at is null
        returning id
        """;

    private const string Block =
        """
        update subscribers
        set blocked_until = greatest(
            coalesce(blocked_until, '-infinity'), date_trunc('milliseconds', coalesce($3, statement_timestamp())) + $2)
        where id = $1 and deleted_at is null
        """;

    /// <summary>Records outcomes; those at positions in <paramref name="late"/> change nothing but get their attempt written.</summary>
    /// <param name="batch">What it is added to.</param>
    /// <param name="settlements">The outcomes.</param>
    /// <param name="late">Positions of those whose lease is lost.</param>
    /// <param name="again">True: some may have been recorded before; without, that is a unique violation.</param>
    /// <param name="leasedElsewhere">True: a queue apart from the store hands out the leases.</param>
    /// <param name="clock">The store's clock.</param>
    /// <returns>How many statements were added. Each answers <see cref="SettledDelivery"/>s.</returns>
    public static int AddTo(
        NpgsqlBatch batch,
        IReadOnlyList<Settlement> settlements,
        IReadOnlySet<int> late,
        bool again,
        bool leasedElsewhere,
        StoreClock clock)
    {
        var delivered = new List<Outcome>(settlements.Count);
        var others = new List<Outcome>();
        for (var position = 0; position < settlements.Count; position++)
        {
            var outcome = new Outcome(settlements[position], position, late.Contains(position));
            (outcome.IsPlain ? delivered : others).Add(outcome);
        }

        if (delivered.Count > 0)
            AddDelivered(batch.Add(again ? SettleDeliveredAgain : SettleDelivered), delivered, leasedElsewhere, clock);
        if (others.Count > 0)
            AddOthers(batch.Add(again ? SettleAgain : Settle), others, leasedElsewhere, clock);
        return (delivered.Count > 0 ? 1 : 0) + (others.Count > 0 ? 1 : 0);
    }

    private static void AddDelivered(
        NpgsqlBatchCommand command, List<Outcome> outcomes, bool leasedElsewhere, StoreClock clock) =>
        command
            .BindArray(NpgsqlDbType.Uuid, outcomes, outcome => outcome.Settlement.Lease.Delivery.Value)
            .BindArray(NpgsqlDbType.Bigint, outcomes, outcome => outcome.Settlement.Lease.Version)
            .BindArray(NpgsqlDbType.Uuid, outcomes, outcome => outcome.Attempt!.Id.Value)
            .BindArray(NpgsqlDbType.Integer, outcomes, outcome => outcome.Attempt!.Number)
            .BindArray(NpgsqlDbType.Smallint, outcomes, outcome => (short)outcome.Attempt!.Trigger)
            .BindArray(NpgsqlDbType.TimestampTz, outcomes, outcome => outcome.Attempt!.StartedAt.UtcDateTime)
            .BindArray(NpgsqlDbType.Bigint, outcomes, outcome => (long)outcome.Attempt!.Duration.TotalMicroseconds)
            .BindArray(NpgsqlDbType.Integer, outcomes, outcome => outcome.Attempt!.StatusCode)
            .BindArray(NpgsqlDbType.Bytea, outcomes, outcome => outcome.Attempt!.RequestHeaders)
            .BindArray(NpgsqlDbType.Bytea, outcomes, outcome => outcome.Attempt!.ResponseHeaders)
            .BindArray(NpgsqlDbType.Bytea, outcomes, outcome => outcome.Attempt!.ResponseBody ?? default)
            .BindArray(NpgsqlDbType.Boolean, outcomes, outcome => outcome.Attempt!.ResponseTruncated)
            .BindArray(NpgsqlDbType.Integer, outcomes, outcome => outcome.Position)
            .BindNow(clock)
            .Bind(NpgsqlDbType.Boolean, leasedElsewhere)
            .Bind(NpgsqlDbType.Smallint, (short)DeliveryStatus.Delivered)
            .Bind(NpgsqlDbType.Smallint, (short)AttemptOutcome.Delivered);

    private static void AddOthers(
        NpgsqlBatchCommand command, List<Outcome> outcomes, bool leasedElsewhere, StoreClock clock) =>
        command
            .BindArray(NpgsqlDbType.Uuid, outcomes, outcome => outcome.Settlement.Lease.Delivery.Value)
            .BindArray(NpgsqlDbType.Bigint, outcomes, outcome => outcome.Settlement.Lease.Version)
            .BindArray(NpgsqlDbType.Boolean, outcomes, outcome => outcome.IsLate)
            .BindArray(NpgsqlDbType.Smallint, outcomes, outcome => StatusAfter(outcome.Settlement))
            .BindArray(NpgsqlDbType.Interval, outcomes, outcome =>
                outcome.Settlement.Disposition == Disposition.Retry ? outcome.Settlement.RetryIn : (TimeSpan?)null)
            .BindArray(NpgsqlDbType.Boolean, outcomes, outcome =>
                outcome.Attempt is not null && outcome.Settlement.Disposition is Disposition.Retry or Disposition.DeadLetter)
            .BindArray(NpgsqlDbType.Text, outcomes, outcome =>
                outcome.Settlement.Disposition == Disposition.Delivered ? null : outcome.Settlement.Error?.Code)
            .BindArray(NpgsqlDbType.Text, outcomes, outcome =>
                outcome.Settlement.Disposition == Disposition.Delivered ? null : outcome.Settlement.Error?.Message)
            .BindArray(NpgsqlDbType.Uuid, outcomes, outcome => outcome.Attempt?.Id.Value)
            .BindArray(NpgsqlDbType.Integer, outcomes, outcome => outcome.Attempt?.Number ?? 0)
            .BindArray(NpgsqlDbType.Smallint, outcomes, outcome => (short?)outcome.Attempt?.Trigger)
            .BindArray(NpgsqlDbType.TimestampTz, outcomes, outcome => outcome.Attempt?.StartedAt.UtcDateTime)
            .BindArray(NpgsqlDbType.Bigint, outcomes, outcome => (long?)outcome.Attempt?.Duration.TotalMicroseconds)
            .BindArray(NpgsqlDbType.Smallint, outcomes, outcome => (short?)outcome.Attempt?.Outcome)
            .BindArray(NpgsqlDbType.Integer, outcomes, outcome => outcome.Attempt?.StatusCode)
            .BindArray(NpgsqlDbType.Text, outcomes, outcome => outcome.Attempt?.Error)
            .BindArray(NpgsqlDbType.Bytea, outcomes, outcome => outcome.Attempt?.RequestHeaders ?? default)
            .BindArray(NpgsqlDbType.Bytea, outcomes, outcome => outcome.Attempt?.ResponseHeaders ?? default)
            .BindArray(NpgsqlDbType.Bytea, outcomes, outcome => outcome.Attempt?.ResponseBody ?? default)
            .BindArray(NpgsqlDbType.Boolean, outcomes, outcome => outcome.Attempt?.ResponseBody is not null)
            .BindArray(NpgsqlDbType.Boolean, outcomes, outcome => outcome.Attempt?.ResponseTruncated ?? false)
            .BindArray(NpgsqlDbType.Integer, outcomes, outcome => outcome.Position)
            .BindNow(clock)
            .Bind(NpgsqlDbType.Boolean, leasedElsewhere)
            .Bind(NpgsqlDbType.Text, DeliveryErrors.SubscriberDeleted.Code)
            .Bind(NpgsqlDbType.Text, DeliveryErrors.SubscriberDeleted.Message)
            .Bind(NpgsqlDbType.Text, DeliveryErrors.SubscriberDisabled.Code)
            .Bind(NpgsqlDbType.Text, DeliveryErrors.SubscriberDisabled.Message);

    /// <summary>Disables or blocks the endpoint as an outcome says.</summary>
    public static void AddGateChanges(NpgsqlBatch batch, Settlement settlement, StoreClock clock)
    {
        if (settlement.DisableEndpointReason is { } reason)
        {
            batch.Add(Disable)
                .Bind(NpgsqlDbType.Uuid, settlement.Lease.Subscriber.Value)
                .Bind(NpgsqlDbType.Text, reason)
                .BindNow(clock);
            batch.Add(TenantVersion.MoveById).Bind(NpgsqlDbType.Uuid, settlement.Lease.Tenant.Value).BindNow(clock);
        }

        if (settlement.BlockEndpointFor is { } block)
        {
            batch.Add(Block)
                .Bind(NpgsqlDbType.Uuid, settlement.Lease.Subscriber.Value)
                .Bind(NpgsqlDbType.Interval, block)
                .BindNow(clock);
        }
    }

    private static short StatusAfter(Settlement settlement) => settlement.Disposition switch
    {
        Disposition.Delivered => (short)DeliveryStatus.Delivered,
        Disposition.DeadLetter => (short)DeliveryStatus.DeadLetter,
        Disposition.Retry => (short)DeliveryStatus.Failed,
        Disposition.Release => AsItWas,
        _ => throw new InvalidOperationException($"unknown disposition {settlement.Disposition}"),
    };

    private readonly record struct Outcome(Settlement Settlement, int Position, bool IsLate)
    {
        public Attempt? Attempt => Settlement.Attempt;

        // One that has an answer with a body, if an empty one, and nothing to say beside it.
        public bool IsPlain => !IsLate && Settlement.Disposition == Disposition.Delivered
            && Attempt is { Outcome: AttemptOutcome.Delivered, Error: null, ResponseBody: not null };
    }
}
