using Npgsql;

namespace Hookstream.Storage.Postgres.Deliveries;

/// <summary>A delivery that an outcome has moved on, as it is now.</summary>
/// <param name="Position">Of its settlement.</param>
/// <param name="Status">Its status in the tables.</param>
/// <param name="Version">Its version.</param>
/// <param name="Class">Its class in the queue.</param>
/// <param name="Due">When it is due, unless it has ended.</param>
internal readonly record struct SettledDelivery(
    int Position, DeliveryStatus Status, long Version, int Class, DateTimeOffset Due)
{
    public bool WaitsAgain => Status is DeliveryStatus.Pending or DeliveryStatus.Failed;

    public static SettledDelivery Read(NpgsqlDataReader row) =>
        new(row.GetInt32(0), (DeliveryStatus)row.GetInt16(1), row.GetInt64(2), row.GetInt16(3), row.Time(4));
}
