using Hookstream.Core.Diagnoses;
using Npgsql;
using NpgsqlTypes;

namespace Hookstream.Storage.Postgres.Deliveries;

/// <summary>
/// The attempts that failed lately at an endpoint: of the newest deliveries that have ended, each way, and of those at the ends of its
/// lane. A bounded number of rows is read of each.
/// </summary>
internal sealed class FailureReading(Sessions sessions)
{
    private const string FindSubscriber = "select no from subscribers where id = $1 and tenant = $2";

    // Indexes: unfinished_lane, from either end (retries are due last, until what they wait for is over: then they are first);
    // deliveries_subscriber, each status by itself, and no further back than the limit.
    internal const string Tried =
        """
        with looked_at as (
            select u.id, u.event, u.status, u.attempt_count, u.last_attempt_at
            from generate_series(0, $3 - 1) as classes (class)
            cross join lateral (
                (select id, event, status, attempt_count, last_attempt_at
                from unfinished
                where subscriber = $1 and class = classes.class
                order by due desc, id desc
                limit $2)
                union all
                (select id, event, status, attempt_count, last_attempt_at
                from unfinished
                where subscriber = $1 and class = classes.class
                order by due, id
                limit $2)
            ) u
            union all
            select d.id, d.event, d.status, d.attempt_count, d.last_attempt_at
            from generate_series(2, 4) as ended (status)
            cross join lateral (
                select id, event, status, attempt_count, last_attempt_at
                from deliveries
                where subscriber = $1 and status = ended.status
                order by id desc
                limit $2
            ) d
        )
        select distinct on (last_attempt_at, id) id, event, status, attempt_count, last_attempt_at
        from looked_at
        where last_attempt_at is not null
        order by last_attempt_at desc, id
        """;

    // Primary key of one partition for each delivery.
    internal const string Attempts =
        """
        select d.id, d.event, a.number, a.trigger, a.started_at, a.duration_us, a.outcome, a.status_code, a.error, a.response_body,
            a.response_truncated
        from unnest($1, $2) as d (id, event)
        cross join lateral (
            select *
            from attempts
            where delivery = d.id and outcome not in (0, 9)
            order by id desc
            limit $3
        ) a
        """;

    public Task<RecentFailures> FindAsync(long tenantNo, SubscriberId subscriber, int limit, CancellationToken cancellation) =>
        sessions.General.ReadAsync(
            async connection =>
            {
                var find = connection.Command(FindSubscriber).Bind(subscriber.Value).Bind(tenantNo);
                if (await find.ReadValueAsync(cancellation) is not long no)
                    return RecentFailures.None;

                var tried = await TriedCommand(connection, no).ReadAllAsync(
                    row => (Id: row.GetGuid(0), Event: row.GetGuid(1), Delivered: row.GetInt16(2) == (short)DeliveryStatus.Delivered,
                        Attempts: row.GetInt32(3), At: row.Time(4)),
                    cancellation);
                // Twice as many as attempts are wanted: the last attempt of some is one that succeeded, which is not among them.
                var latest = tried.Where(delivery => !delivery.Delivered || delivery.Attempts > 1).Take(2 * limit).ToList();
                var attempts = latest.Count == 0
                    ? []
                    : await AttemptsCommand(
                            connection, [.. latest.Select(delivery => delivery.Id)], [.. latest.Select(delivery => delivery.Event)], limit)
                        .ReadAllAsync(ReadAttempt, cancellation);
                return RecentFailures.Of(
                    attempts, limit, tried.Where(delivery => delivery.Delivered).Max(delivery => (DateTimeOffset?)delivery.At));
            },
            cancellation);

    internal static NpgsqlCommand TriedCommand(NpgsqlConnection connection, long subscriberNo) =>
        connection.Command(Tried).Bind(subscriberNo).Bind(RecentFailures.LookedAt).Bind(NpgsqlDbType.Integer, LaneClass.Count);

    internal static NpgsqlCommand AttemptsCommand(NpgsqlConnection connection, Guid[] deliveries, Guid[] events, int limit) =>
        connection.Command(Attempts).Bind(deliveries).Bind(events).Bind(limit);

    private static FailedAttempt ReadAttempt(NpgsqlDataReader row) => new()
    {
        Delivery = new DeliveryId(row.GetGuid(0)),
        Event = new EventId(row.GetGuid(1)),
        Number = row.GetInt32(2),
        Trigger = (AttemptTrigger)row.GetInt16(3),
        StartedAt = row.Time(4),
        Duration = TimeSpan.FromMicroseconds(row.GetInt64(5)),
        Outcome = (AttemptOutcome)row.GetInt16(6),
        StatusCode = row.NullableInt32(7),
        Error = row.NullableText(8),
        ResponseBody = row.IsDBNull(9) ? (ReadOnlyMemory<byte>?)null : row.Bytes(9),
        ResponseTruncated = row.GetBoolean(10),
    };
}
