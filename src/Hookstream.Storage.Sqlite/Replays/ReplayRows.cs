namespace Hookstream.Storage.Sqlite.Replays;

/// <summary>What replay and cancel read and write.</summary>
internal static class ReplayRows
{
    public const string FindDelivery =
        """
        select d.id, d.subscriber, d.status, e.priority
        from deliveries d
        join events e on e.tenant = d.tenant and e.id = d.event
        where d.tenant = ?1 and d.id = ?2
        """;

    // Index: deliveries_event.
    public const string FindOfEvent =
        """
        select d.id, d.subscriber, d.status, e.priority
        from deliveries d
        join events e on e.tenant = d.tenant and e.id = d.event
        where d.tenant = ?1 and d.event = ?2
        order by d.id
        """;

    private const string MakeDue =
        """
        update deliveries
        set status = 0, class = ?3, due = ?4, version = version + 1, failures = 0, trigger = ?5, waiting_since = ?4,
            finished_at = null, error_code = null, error_message = null
        where tenant = ?1 and id = ?2
        """;

    private const string MakeCancelled =
        """
        update deliveries
        set status = 4, version = version + 1, finished_at = ?3, error_code = ?4, error_message = ?5
        where tenant = ?1 and id = ?2
        """;

    public static ReplayRow Read(Statement row) =>
        new(new DeliveryId(row.Guid(0)), row.Int64(1), (DeliveryStatus)row.Int32(2), row.Int32(3));

    public static void Replay(DatabaseConnection database, long tenantNo, DeliveryId id, int laneClass, DateTimeOffset now) =>
        database.Prepare(MakeDue)
            .Bind(1, tenantNo)
            .Bind(2, id.Value)
            .Bind(3, laneClass)
            .Bind(4, now)
            .Bind(5, (long)AttemptTrigger.Replay)
            .Run();

    public static void Cancel(
        DatabaseConnection database, long tenantNo, DeliveryId id, DateTimeOffset now, DeliveryError error) =>
        database.Prepare(MakeCancelled)
            .Bind(1, tenantNo)
            .Bind(2, id.Value)
            .Bind(3, now)
            .Bind(4, error.Code)
            .Bind(5, error.Message)
            .Run();
}
