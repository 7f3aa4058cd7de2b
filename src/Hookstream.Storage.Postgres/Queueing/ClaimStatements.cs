using Hookstream.Storage.Postgres.Rates;
using Hookstream.Storage.Postgres.Subscribers;
using Npgsql;
using NpgsqlTypes;

namespace Hookstream.Storage.Postgres.Queueing;

/// <summary>The statements of a claim, one round trip and one transaction, and what a claim needs beside it.</summary>
internal static class ClaimStatements
{
    // Index: unfinished_lane, one range a lane from where the last claim ended, or it would walk past all that has been claimed
    // since the table was last vacuumed; what others are claiming is skipped. A lease that has run out is taken over,
    // but not right after PostgreSQL came back: those who hold it could not settle or renew while it was away.
    public const string Claim =
        $"""
        with lanes as materialized (
            select l.*
            {OpenLanes}
        ),
        {Claimed}
        {Read}
        """;

    /// <summary>
    /// The same for lanes whose rate is limited, of which there is one an endpoint: as many as its bucket, which is locked, has tokens
    /// for, and only what is claimed is spent. What another rate before has left beyond the burst is taken off.
    /// </summary>
    public static readonly string ClaimLimited =
        $"""
        with buckets as materialized (
            select l.no, l.class, l.share, l.after_due, l.after_id, s.rate_limit_per_second as rate,
                {RateStatements.Debt("s.rate_limit_per_second", "b.paid_until", Now)} as debt
            {OpenLanes}
            join rate_buckets b on b.subscriber = l.no
        ),
        lanes as materialized (
            select no, class, after_due, after_id, rate, debt,
                case when rate is null then share else least(share, {RateStatements.Tokens("rate", "debt")}) end as share
            from buckets
        ),
        {Claimed},
        spent as (
            update rate_buckets b
            set paid_until = {RateStatements.After("l.rate", "l.debt", "coalesce(c.count, 0)", Now)}
            from lanes l
            left join (select subscriber, count(*) as count from claimed group by subscriber) c on c.subscriber = l.no
            where b.subscriber = l.no and l.rate is not null
                and (c.count is not null or b.paid_until > {RateStatements.After("l.rate", "l.debt", "0", Now)})
        )
        {Read}
        """;

    private const string Now = "coalesce($5, statement_timestamp())";

    private const string OpenLanes =
        $"""
        from unnest($1, $2, $3, $7, $8) as l (no, class, share, after_due, after_id)
            join subscribers s on s.no = l.no and not {GateConditions.IsShut} and (s.blocked_until is null or s.blocked_until <= {Now})
                and (s.circuit_opened_at is not null) = $9
        """;

    private const string Claimed =
        """
        picked as materialized (
            select p.ctid
            from lanes l
            cross join lateral (
                select u.ctid
                from unfinished u
                where u.subscriber = l.no and u.class = l.class and u.due <= coalesce($5, statement_timestamp())
                    and (u.due, u.id) > (l.after_due, l.after_id)
                    and (u.lease_until is null
                        or (u.lease_until <= coalesce($5, statement_timestamp())
                            and pg_postmaster_start_time() <= clock_timestamp() - $6))
                order by u.due, u.id
                limit l.share
                for update skip locked
            ) p
        ),
        claimed as (
            update unfinished u
            set version = u.version + 1,
                lease_until = coalesce($5, statement_timestamp()) + $4,
                lease_losses = u.lease_losses + (u.lease_until is not null)::int
            from picked p
            where u.ctid = p.ctid
            returning u.id, u.event, u.event_type, u.subscriber, u.class, u.version, u.attempt_count, u.failures, u.trigger,
                u.waiting_since, u.lease_losses, u.due
        )
        """;

    private const string Read =
        """
        select c.*, e.payload, e."timestamp", e.trace_context
        from claimed c
        cross join lateral (select payload, "timestamp", trace_context from events where id = c.event limit 1) e
        order by c.due, c.id
        """;

    // When to look at a lane again. What became due while the claim ran is signalled by whoever committed it.
    public const string Next =
        $"""
        select {Gates}, null::timestamptz
        {GatesOfLanes}
        order by l.position
        """;

    /// <summary>The same for lanes whose rate is limited.</summary>
    public static readonly string NextLimited =
        $"""
        select {Gates}, {RateStatements.ReadyAt("s.rate_limit_per_second", DebtNext, NowNext)}
        {GatesOfLanes}
        left join rate_buckets b on b.subscriber = l.no
        order by l.position
        """;

    private const string NowNext = "coalesce($3, statement_timestamp())";

    private static string DebtNext => RateStatements.Debt("s.rate_limit_per_second", "b.paid_until", NowNext);

    private const string Gates =
        $"""
        not {GateConditions.IsShut}, {GateConditions.ShutUntil}, (
            select u.due
            from unfinished u
            where u.subscriber = l.no and u.class = l.class and u.due > {NowNext}
            order by u.due
            limit 1), coalesce(s.circuit_epoch, 0)
        """;

    private const string GatesOfLanes =
        """
        from unnest($1, $2) with ordinality as l (no, class, position)
        left join subscribers s on s.no = l.no
        """;

    // Index: unfinished_lane, one seek a lane, however many deliveries wait in it. Numbers begin at 1: the condition is the index's.
    public const string Waiting =
        """
        with recursive lanes as (
            (select subscriber, class from unfinished where subscriber > 0 order by subscriber, class limit 1)
            union all
            select next.subscriber, next.class
            from lanes l
            cross join lateral (
                select u.subscriber, u.class
                from unfinished u
                where (u.subscriber, u.class) > (l.subscriber, l.class) and u.subscriber > 0
                order by u.subscriber, u.class
                limit 1
            ) next
        )
        select l.subscriber, l.class, (
            select u.due from unfinished u where u.subscriber = l.subscriber and u.class = l.class order by u.due limit 1)
        from lanes l
        """;

    // Index: unfinished_pkey, by an array as when outcomes are recorded.
    public const string Renew =
        """
        update unfinished u
        set lease_until = coalesce($4, statement_timestamp()) + $3
        from unnest($1, $2) as l (id, version)
        where u.id = any (array[l.id]) and u.version = l.version and u.lease_until is not null
        returning u.id
        """;

    public const string Release =
        """
        update unfinished u
        set lease_until = null
        from unnest($1, $2) as l (id, version)
        where u.id = any (array[l.id]) and u.version = l.version
        returning u.subscriber, u.class, u.due
        """;

    public static NpgsqlBatchCommand AddLeases(this NpgsqlBatch batch, string sql, IReadOnlyList<Lease> leases) =>
        batch.Add(sql)
            .BindArray(NpgsqlDbType.Uuid, leases, lease => lease.Delivery.Value)
            .BindArray(NpgsqlDbType.Bigint, leases, lease => lease.Version);
}
