using Npgsql;

namespace Hookstream.Storage.Postgres.Replays;

/// <summary>
/// A delivery that may be replayed or cancelled, its row locked: with the class that it has by its event's priority, whether
/// it is being sent just now, and whether it is in the history.
/// </summary>
internal sealed record ChangeableRow(
    DeliveryId Id,
    EventId Event,
    TenantId Tenant,
    long SubscriberNo,
    SubscriberId Subscriber,
    bool SubscriberDeleted,
    DeliveryStatus Status,
    int Priority,
    long Version,
    bool InFlight,
    bool Ended)
{
    public static ChangeableRow Read(NpgsqlDataReader row) => new(
        new DeliveryId(row.GetGuid(0)),
        new EventId(row.GetGuid(1)),
        new TenantId(row.GetGuid(2)),
        row.GetInt64(3),
        new SubscriberId(row.GetGuid(4)),
        row.GetBoolean(5),
        (DeliveryStatus)row.GetInt16(6),
        row.GetInt16(7),
        row.GetInt64(8),
        row.GetBoolean(9),
        row.GetBoolean(10));
}
