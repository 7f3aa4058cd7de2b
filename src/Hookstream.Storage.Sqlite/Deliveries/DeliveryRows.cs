namespace Hookstream.Storage.Sqlite.Deliveries;

/// <summary>How deliveries are kept in their table, and how they read: held and cancelled follow from the endpoint.</summary>
internal static class DeliveryRows
{
    public const string Select =
        """
        select d.id, d.event, e.type, s.id, d.status, d.attempt_count, d.due, d.last_attempt_at, d.last_status_code,
            d.error_code, d.error_message, d.created_at, d.finished_at, d.subscriber, s.deleted_at, s.updated_at
        """;

    public const string From = "from deliveries d";

    /// <summary>The deliveries of an event: an order by id would tempt the planner to walk the whole tenant.</summary>
    public const string FromEvent = $"{From} indexed by deliveries_event";

    public const string Joins =
        """
        join events e on e.tenant = d.tenant and e.id = d.event
        join subscribers s on s.no = d.subscriber
        """;

    private const string InsertRow =
        """
        insert into deliveries (
            tenant, id, event, subscriber, status, class, due, trigger, waiting_since, created_at)
        values (?1, ?2, ?3, ?4, 0, ?5, ?6, ?7, ?8, ?8)
        """;

    public static void Insert(
        DatabaseConnection database,
        long tenantNo,
        DeliveryId id,
        EventId parent,
        long subscriberNo,
        int laneClass,
        long due,
        AttemptTrigger trigger,
        DateTimeOffset now) =>
        database.Prepare(InsertRow)
            .Bind(1, tenantNo)
            .Bind(2, id.Value)
            .Bind(3, parent.Value)
            .Bind(4, subscriberNo)
            .Bind(5, laneClass)
            .Bind(6, due)
            .Bind(7, (long)trigger)
            .Bind(8, now)
            .Run();

    public static Delivery Read(Statement row, SubscriberCatalog subscribers)
    {
        var delivery = new Delivery
        {
            Id = new DeliveryId(row.Guid(0)),
            Event = new EventId(row.Guid(1)),
            EventType = EventType.FromStore(row.Text(2)),
            Subscriber = new SubscriberId(row.Guid(3)),
            Status = (DeliveryStatus)row.Int32(4),
            AttemptCount = row.Int32(5),
            LastAttemptAt = row.NullableTime(7),
            LastStatusCode = row.NullableInt32(8),
            LastError = row.IsNull(9) ? null : new DeliveryError(row.Text(9), row.Text(10)),
            CreatedAt = row.Time(11),
            FinishedAt = row.NullableTime(12),
        };
        if (delivery.Status is not (DeliveryStatus.Pending or DeliveryStatus.Failed))
            return delivery;

        var known = subscribers.TryGet(row.Int64(13), out var entry);
        if (!known || entry!.Cancelling)
        {
            return delivery with
            {
                Status = DeliveryStatus.Cancelled,
                LastError = known ? DeliveryErrors.SubscriberDisabled : DeliveryErrors.SubscriberDeleted,
                FinishedAt = row.NullableTime(14) ?? row.Time(15),
            };
        }

        var gate = entry.Subscriber.Gate;
        if (gate.HoldReason is { } reason)
            return delivery with { Status = DeliveryStatus.Held, HoldReason = reason };
        var due = row.Time(6);
        return delivery with { NextAttemptAt = gate.BlockedUntil is { } until && until > due ? until : due };
    }
}
