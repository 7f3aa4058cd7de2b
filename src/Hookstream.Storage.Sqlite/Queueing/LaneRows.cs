namespace Hookstream.Storage.Sqlite.Queueing;

/// <summary>What the queue reads of the deliveries.</summary>
internal static class LaneRows
{
    // Index: deliveries_lane, in its order, from a position in it. No bound on due and no limit: the claim stops where it has
    // enough, and the row at which it stops tells when to come back.
    private const string Read =
        """
        select id, event, due, version, attempt_count, failures, trigger, waiting_since
        from deliveries
        where subscriber = ?1 and class = ?2 and status < 2 and (due, tenant, id) > (?3, ?4, ?5)
        order by due, tenant, id
        """;

    // Index: deliveries_lane, one seek a lane and class, however many deliveries wait in it.
    private const string Waiting =
        """
        with recursive lanes (subscriber, class) as (
            select * from (
                select subscriber, class from deliveries where status < 2 order by subscriber, class limit 1)
            union all
            select next.subscriber, next.class
            from lanes, deliveries next
            where (next.tenant, next.id) = (
                select tenant, id
                from deliveries
                where status < 2 and (subscriber, class) > (lanes.subscriber, lanes.class)
                order by subscriber, class
                limit 1))
        select subscriber, class, (select min(due) from deliveries d
            where d.subscriber = lanes.subscriber and d.class = lanes.class and d.status < 2)
        from lanes
        """;

    /// <summary>Reads a class of a lane from a position, due or not; the caller resets the statement when it stops early.</summary>
    public static Statement From(DatabaseConnection database, Lane lane, int laneClass, LanePosition position) =>
        database.Prepare(Read)
            .Bind(1, lane.Entry.No)
            .Bind(2, laneClass)
            .Bind(3, position.Due)
            .Bind(4, lane.Entry.TenantNo)
            .Bind(5, position.Id);

    public static LaneRow Current(Statement row) => new(
        new DeliveryId(row.Guid(0)),
        new EventId(row.Guid(1)),
        row.Int64(2),
        row.Int64(3),
        row.Int32(4),
        row.Int32(5),
        (AttemptTrigger)row.Int32(6),
        row.Time(7));

    /// <summary>Tells the lanes what waits in the store.</summary>
    /// <returns>How many lanes have something waiting.</returns>
    public static int Refresh(DatabaseConnection database, SubscriberCatalog subscribers, LaneSet lanes)
    {
        var found = 0;
        var rows = database.Prepare(Waiting);
        while (rows.Step())
        {
            if (!subscribers.TryGet(rows.Int64(0), out var entry))
                continue;
            lanes.Signal(entry.Lane, rows.Int32(1), rows.Int64(2));
            found++;
        }

        return found;
    }
}
