using Hookstream.Core.Diagnoses;

namespace Hookstream.Storage.Sqlite.Deliveries;

/// <summary>
/// The attempts that failed lately at an endpoint. No index has them, and none is worth it: they are among its newest deliveries, at
/// the ends of its lane, or among the newest dead letters. A bounded number of rows is read of each.
/// </summary>
internal static class FailureRows
{
    internal const string FindSubscriber = "select no from subscribers where id = ?1 and tenant = ?2";

    private const string Columns = "id, event, status, attempt_count, last_attempt_at";

    // Index: deliveries_subscriber.
    internal const string Newest =
        $"""
        select {Columns}
        from deliveries indexed by deliveries_subscriber
        where subscriber = ?1
        order by id desc
        limit ?2
        """;

    // Index: deliveries_lane. Retries are due last, until what they wait for is over: then they are first.
    internal const string DueLast =
        $"""
        select {Columns}
        from deliveries indexed by deliveries_lane
        where status < 2 and subscriber = ?1 and class = ?3
        order by due desc
        limit ?2
        """;

    internal const string DueFirst =
        $"""
        select {Columns}
        from deliveries indexed by deliveries_lane
        where status < 2 and subscriber = ?1 and class = ?3
        order by due
        limit ?2
        """;

    // Index: deliveries_ended, which has the tenant's of all endpoints: whose they are is told apart when they are read.
    internal const string GivenUp =
        $"""
        select {Columns}, subscriber
        from deliveries indexed by deliveries_ended
        where status >= 3 and tenant = ?1 and status = ?3
        order by id desc
        limit ?2
        """;

    // Primary key.
    internal const string Attempts =
        """
        select number, trigger, started_at, duration_us, outcome, status_code, error, response_body, response_truncated
        from attempts
        where delivery = ?1 and outcome not in (0, 9)
        order by id desc
        limit ?2
        """;

    public static RecentFailures Find(DatabaseConnection database, long tenantNo, SubscriberId subscriber, int limit)
    {
        var no = database.Prepare(FindSubscriber).Bind(1, subscriber.Value).Bind(2, tenantNo).Scalar(row => row.Int64(0));
        if (no == 0)
            return RecentFailures.None;

        var tried = new Dictionary<DeliveryId, Tried>();
        Read(database.Prepare(Newest).Bind(1, no));
        for (var laneClass = 0; laneClass < LaneClass.Count; laneClass++)
        {
            Read(database.Prepare(DueLast).Bind(1, no).Bind(3, laneClass));
            Read(database.Prepare(DueFirst).Bind(1, no).Bind(3, laneClass));
        }

        Read(database.Prepare(GivenUp).Bind(1, tenantNo).Bind(3, (long)DeliveryStatus.DeadLetter), row => row.Int64(5) == no);
        Read(database.Prepare(GivenUp).Bind(1, tenantNo).Bind(3, (long)DeliveryStatus.Cancelled), row => row.Int64(5) == no);

        // Twice as many as attempts are wanted: the last attempt of some is one that succeeded, which is not among them.
        var latest = tried.Values.Where(delivery => delivery.MayHaveFailed).OrderByDescending(delivery => delivery.LastAttemptAt)
            .Take(2 * limit);
        var attempts = latest.SelectMany(delivery => database.Prepare(Attempts).Bind(1, delivery.Id.Value).Bind(2, limit)
            .ReadAll(row => ReadAttempt(row, delivery)));
        return RecentFailures.Of(
            attempts, limit, tried.Values.Where(delivery => delivery.IsDelivered).Max(delivery => (DateTimeOffset?)delivery.LastAttemptAt));

        void Read(Statement rows, Func<Statement, bool>? isOurs = null)
        {
            rows.Bind(2, RecentFailures.LookedAt);
            while (rows.Step())
            {
                if (!rows.IsNull(4) && (isOurs is null || isOurs(rows)))
                    tried[new DeliveryId(rows.Guid(0))] = Tried.Read(rows);
            }
        }
    }

    private static FailedAttempt ReadAttempt(Statement row, Tried delivery) => new()
    {
        Delivery = delivery.Id,
        Event = delivery.Event,
        Number = row.Int32(0),
        Trigger = (AttemptTrigger)row.Int32(1),
        StartedAt = row.Time(2),
        Duration = TimeSpan.FromMicroseconds(row.Int64(3)),
        Outcome = (AttemptOutcome)row.Int32(4),
        StatusCode = row.NullableInt32(5),
        Error = row.NullableText(6),
        ResponseBody = row.IsNull(7) ? (ReadOnlyMemory<byte>?)null : row.Blob(7).ToArray(),
        ResponseTruncated = row.Boolean(8),
    };

    /// <summary>A delivery that was attempted.</summary>
    private readonly record struct Tried(DeliveryId Id, EventId Event, DeliveryStatus Status, int AttemptCount, DateTimeOffset LastAttemptAt)
    {
        public bool IsDelivered => Status == DeliveryStatus.Delivered;

        public bool MayHaveFailed => !IsDelivered || AttemptCount > 1;

        public static Tried Read(Statement row) =>
            new(new DeliveryId(row.Guid(0)), new EventId(row.Guid(1)), (DeliveryStatus)row.Int32(2), row.Int32(3), row.Time(4));
    }
}
