using Hookstream.Core.Retries;
using Hookstream.Storage.Postgres.OperationalEvents;
using Hookstream.Storage.Postgres.Subscribers;
using NpgsqlTypes;

namespace Hookstream.Storage.Postgres.Maintenance;

/// <summary>
/// Dead-letters what has waited too long behind open circuits and rate limits, where no claim finds it, or each costs a token.
/// </summary>
internal sealed class ExpiredWaiting(
    Sessions sessions, PartitionSet partitions, OperationalEventWriter operational, IQueueMirror? mirror, StoreClock clock)
{
    private const int Chunk = 500;

    // Index: unfinished_lane. Behind a rate limit what is old is looked for among what is long overdue alone. The probe that is
    // under way is left to settle.
    private const string Pick =
        $"""
        select u.id
        from subscribers s
        join unfinished u on u.subscriber = s.no
        where (s.circuit_opened_at is not null or (s.rate_limit_per_second is not null and u.due < $1))
            and not {GateConditions.IsShut}
            and s.opened_at < $1 and u.waiting_since < $1 and u.lease_until is null
        limit $2
        """;

    private const string Expire =
        """
        with picked as materialized (
            select id
            from unfinished
            where id = any ($1) and waiting_since < $2 and lease_until is null
            order by id
            for update skip locked
        ),
        gone as (
            delete from unfinished u
            using picked p
            where u.id = p.id
            returning u.*
        ),
        ended as (
            insert into deliveries (
                id, tenant, event, event_type, subscriber, status, class, version, attempt_count, failures, trigger,
                waiting_since, last_attempt_at, last_status_code, error_code, error_message, created_at, finished_at)
            select g.id, g.tenant, g.event, g.event_type, g.subscriber, 3, g.class, g.version + 1, g.attempt_count, g.failures,
                g.trigger, g.waiting_since, g.last_attempt_at, g.last_status_code, $3, $4, g.created_at, $5
            from gone g
        )
        select id from gone
        """;

    /// <summary>Ends a chunk of it.</summary>
    /// <returns>How many.</returns>
    public async Task<int> RunAsync(TimeSpan maxAge, CancellationToken cancellation)
    {
        var now = clock.Now();
        var before = now - maxAge;
        var picked = await sessions.General.ReadAsync(
            connection => connection.Command(Pick).Bind((DateTimeOffset?)before).Bind((long)Chunk)
                .ReadAllAsync(row => row.GetGuid(0), cancellation),
            cancellation);
        if (picked.Count == 0)
            return 0;
        await partitions.EnsureForAsync(picked, cancellation);
        await partitions.EnsureAheadAsync(cancellation);
        var error = RetryPolicy.Expired(maxAge);
        var (ended, told) = await sessions.General.ChangeAsync(
            async connection =>
            {
                var gone = await connection.Command(Expire)
                    .Bind([.. picked])
                    .Bind((DateTimeOffset?)before)
                    .Bind(NpgsqlDbType.Text, error.Code)
                    .Bind(NpgsqlDbType.Text, error.Message)
                    .Bind((DateTimeOffset?)now)
                    .ReadAllAsync(row => new DeliveryId(row.GetGuid(0)), cancellation);
                return (gone, await operational.WriteAsync(
                    connection, [.. await operational.OfDeadLettersAsync(connection, gone, cancellation)]));
            },
            cancellation);
        await operational.PublishAsync(told);
        if (mirror is not null && ended.Count > 0)
            await mirror.RemoveAsync(ended, cancellation);
        return ended.Count;
    }
}
