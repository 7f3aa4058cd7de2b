namespace Hookstream.Storage.Postgres.Replays;

/// <summary>
/// How deliveries are locked and changed. All take their rows in the order of their ids, what is unfinished first.
/// </summary>
internal static class ChangeStatements
{
    /// <summary>Held shared by replays, alone by retention while it decides which days go.</summary>
    public const string ShareRetention = "select pg_advisory_xact_lock_shared(7241004)";

    public const string HoldRetention = "select pg_advisory_xact_lock(7241004)";

    public const string RetiredDays = "select day from retired_days";

    // Primary key.
    internal const string LockUnfinished =
        $"""
        select d.id, d.event, t.id, d.subscriber, s.id, s.deleted_at is not null, d.status, {Priority}, d.version,
            coalesce(d.lease_until > coalesce($3, statement_timestamp()), false), false
        from unfinished d
        join subscribers s on s.no = d.subscriber
        join tenants t on t.no = d.tenant
        where d.id = any ($1) and d.tenant = $2
        order by d.id
        for update of d
        """;

    // Primary key, of the partitions of these ids.
    internal const string LockEnded =
        $"""
        select d.id, d.event, t.id, d.subscriber, s.id, s.deleted_at is not null, d.status, {Priority}, d.version, false, true
        from deliveries d
        join subscribers s on s.no = d.subscriber
        join tenants t on t.no = d.tenant
        where d.id = any ($1) and d.tenant = $2
        order by d.id
        for update of d
        """;

    public const string ReplayUnfinished =
        $"""
        update unfinished d
        set status = 0, class = w.class, due = {Now}, version = d.version + 1, lease_until = null, lease_losses = 0,
            failures = 0, trigger = 1, waiting_since = {Now}, error_code = null, error_message = null
        from unnest($1, $2) as w (id, class)
        where d.id = w.id
        returning d.id, d.version, d.due
        """;

    public const string ReplayEnded =
        $"""
        with gone as (
            delete from deliveries d
            using unnest($1, $2) as w (id, class)
            where d.id = w.id and d.id = any ($1)
            returning d.id, d.tenant, d.event, d.event_type, d.subscriber, w.class, d.version, d.attempt_count,
                d.last_attempt_at, d.last_status_code, d.created_at
        )
        insert into unfinished (
            id, tenant, event, event_type, subscriber, status, class, due, version, attempt_count, failures, trigger,
            waiting_since, last_attempt_at, last_status_code, created_at)
        select id, tenant, event, event_type, subscriber, 0, class, {Now}, version + 1, attempt_count, 0, 1, {Now},
            last_attempt_at, last_status_code, created_at
        from gone
        returning id, version, due
        """;

    public const string CancelUnfinished =
        """
        with gone as (
            delete from unfinished
            where id = any ($1)
            returning *
        )
        insert into deliveries (
            id, tenant, event, event_type, subscriber, status, class, version, attempt_count, failures, trigger,
            waiting_since, last_attempt_at, last_status_code, error_code, error_message, created_at, finished_at)
        select id, tenant, event, event_type, subscriber, 4, class, version + 1, attempt_count, failures, trigger,
            waiting_since, last_attempt_at, last_status_code, $2, $3, created_at,
            date_trunc('milliseconds', coalesce($4, $5, statement_timestamp()))
        from gone
        """;

    public const string CancelEnded =
        """
        update deliveries
        set status = 4, version = version + 1, error_code = $2, error_message = $3,
            finished_at = date_trunc('milliseconds', coalesce($4, $5, statement_timestamp()))
        where id = any ($1)
        """;

    private const string Now = "date_trunc('milliseconds', coalesce($3, statement_timestamp()))";

    // As a first attempt. What was replayed in bulk has lost its priority: the event still knows it.
    private const string Priority =
        "case when d.class & 3 < 3 then d.class & 3 else coalesce((select e.priority from events e where e.id = d.event), 1) end";
}
