using Hookstream.Core.Circuits;
using Npgsql;
using NpgsqlTypes;

namespace Hookstream.Storage.Postgres.Circuits;

/// <summary>The statements that change circuits. Each answers the <see cref="ChangedCircuit"/>s.</summary>
internal static class CircuitStatements
{
    /// <summary>Makes a probe the only one; none is answered where it is not due, or another is under way.</summary>
    public const string LeaseProbe =
        """
        update subscribers
        set circuit_lease_until = coalesce($2, statement_timestamp()) + $3
        where no = $1 and circuit_opened_at is not null and deleted_at is null
            and greatest(circuit_probe_at, circuit_lease_until) <= coalesce($2, statement_timestamp())
        returning no
        """;

    /// <summary>A probe was not sent, or cut off.</summary>
    public const string EndProbes =
        """
        update subscribers
        set circuit_lease_until = null
        where id = any ($1) and circuit_lease_until is not null
        """;

    /// <summary>Closes the circuit of $1.</summary>
    public const string Reset =
        """
        update subscribers
        set circuit_failures = 0, circuit_opened_at = null, circuit_probe_at = null, circuit_lease_until = null,
            circuit_epoch = circuit_epoch + 1
        where no = $1
        """;

    // Rows are locked in the order of their numbers; those that stay as they are, are not locked at all. An outcome under an
    // older epoch says nothing any more, nor do those of the batch that come after the one that opens it: it opens with as
    // many failures as one by one they would have counted.
    private static readonly string Apply =
        $"""
        with tallies as materialized (
            select *
            from unnest($1, $2, $3, $4, $5, $6) as t (id, epoch, first_run, longest_run, last_run, has_success)
        ),
        known as materialized (
            select s.no, t.has_success, t.last_run, s.circuit_failures + t.first_run as first_run,
                s.circuit_failures + t.first_run >= coalesce(s.circuit_threshold, $7)
                    or t.longest_run >= coalesce(s.circuit_threshold, $7) as opens,
                case when s.circuit_failures + t.first_run >= coalesce(s.circuit_threshold, $7)
                    then greatest(s.circuit_failures + 1, coalesce(s.circuit_threshold, $7))
                    else coalesce(s.circuit_threshold, $7) end as opens_after,
                coalesce(s.circuit_cooldown_ms * interval '1 millisecond', $8) as cooldown
            from tallies t
            join subscribers s on s.id = t.id
            where s.circuit_epoch = t.epoch and s.circuit_opened_at is null and s.deleted_at is null
                and (t.first_run > 0 or t.longest_run > 0 or s.circuit_failures > 0)
            order by s.no
            for update of s
        ),
        changed as (
            update subscribers s
            set circuit_failures = case when k.opens then k.opens_after when k.has_success then k.last_run else k.first_run end,
                circuit_opened_at = case when k.opens then {Now} end,
                circuit_probe_at = case when k.opens then {Now} + k.cooldown end,
                circuit_epoch = s.circuit_epoch + k.opens::int
            from known k
            where s.no = k.no
            returning s.id, s.tenant, s.circuit_failures, s.circuit_opened_at, s.circuit_probe_at, s.circuit_epoch, k.opens,
                null::timestamptz as opened_before
        ),
        {MoveTenants(Now)}
        """;

    // The one that is under way decides; it is known by the epoch. The rows are read first for when it had opened.
    private static readonly string ApplyProbes =
        $"""
        with probes as materialized (
            select *
            from unnest($1, $2, $3) as p (id, epoch, succeeded)
        ),
        known as materialized (
            select s.no, s.circuit_opened_at as opened_before, p.succeeded
            from probes p
            join subscribers s on s.id = p.id
            where s.circuit_epoch = p.epoch and s.circuit_opened_at is not null and s.deleted_at is null
            order by s.no
            for update of s
        ),
        changed as (
            update subscribers s
            set circuit_failures = case when k.succeeded then 0 else s.circuit_failures end,
                circuit_opened_at = case when k.succeeded then null else s.circuit_opened_at end,
                circuit_probe_at = case when k.succeeded then null
                    else {NowOfProbes} + coalesce(s.circuit_cooldown_ms * interval '1 millisecond', $4) end,
                circuit_lease_until = null,
                circuit_epoch = s.circuit_epoch + 1
            from known k
            where s.no = k.no
            returning s.id, s.tenant, s.circuit_failures, s.circuit_opened_at, s.circuit_probe_at, s.circuit_epoch, true as opens,
                k.opened_before
        ),
        {MoveTenants(NowOfProbes)}
        """;

    private const string Now = "date_trunc('milliseconds', coalesce($9, statement_timestamp()))";

    private const string NowOfProbes = "date_trunc('milliseconds', coalesce($5, statement_timestamp()))";

    /// <summary>Adds what a batch of outcomes does to circuits.</summary>
    /// <returns>How many statements were added.</returns>
    public static int AddTo(
        NpgsqlBatch batch, IReadOnlyList<Settlement> settlements, IReadOnlySet<int> late, CircuitOptions options, StoreClock clock)
    {
        var added = 0;
        var tallies = CircuitTally.Of(settlements, late);
        if (tallies.Count > 0)
        {
            added++;
            batch.Add(Apply)
                .BindArray(NpgsqlDbType.Uuid, tallies, tally => tally.Subscriber.Value)
                .BindArray(NpgsqlDbType.Bigint, tallies, tally => tally.Epoch)
                .BindArray(NpgsqlDbType.Integer, tallies, tally => tally.FirstRun)
                .BindArray(NpgsqlDbType.Integer, tallies, tally => tally.LongestRun)
                .BindArray(NpgsqlDbType.Integer, tallies, tally => tally.LastRun)
                .BindArray(NpgsqlDbType.Boolean, tallies, tally => tally.HasSuccess)
                .Bind(NpgsqlDbType.Integer, options.Threshold)
                .Bind(NpgsqlDbType.Interval, options.Cooldown)
                .BindNow(clock);
        }

        if (!settlements.Any(settlement => settlement.Lease.IsProbe))
            return added;
        var probes = settlements
            .Where((settlement, i) => settlement.Lease.IsProbe && settlement.MayChangeCircuit && !late.Contains(i))
            .DistinctBy(settlement => settlement.Lease.Subscriber)
            .ToList();
        if (probes.Count > 0)
        {
            added++;
            batch.Add(ApplyProbes)
                .BindArray(NpgsqlDbType.Uuid, probes, probe => probe.Lease.Subscriber.Value)
                .BindArray(NpgsqlDbType.Bigint, probes, probe => probe.CircuitEpoch)
                .BindArray(NpgsqlDbType.Boolean, probes, probe => probe.Signal == CircuitSignal.Success)
                .Bind(NpgsqlDbType.Interval, options.Cooldown)
                .BindNow(clock);
        }

        // Cut off by us: another may be sent at once.
        var cutOff = settlements.Where(settlement => settlement.Lease.IsProbe && !settlement.MayChangeCircuit).ToList();
        if (cutOff.Count > 0)
            batch.Add(EndProbes).BindArray(NpgsqlDbType.Uuid, cutOff, settlement => settlement.Lease.Subscriber.Value);
        return added;
    }

    // Other nodes read anew what has moved on.
    private static string MoveTenants(string now) =>
        $"""
        moved as (
            update tenants
            set version = version + 1, changed_at = {now}
            where no in (select tenant from changed where opens)
        )
        select id, tenant, opened_before, circuit_failures, circuit_opened_at, circuit_probe_at, circuit_epoch
        from changed
        where opens
        """;
}
