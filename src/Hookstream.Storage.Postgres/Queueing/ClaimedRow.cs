using Hookstream.Core.Tracing;
using Npgsql;

namespace Hookstream.Storage.Postgres.Queueing;

/// <summary>A delivery as a claim or a load reads it, with its event.</summary>
internal sealed record ClaimedRow(
    DeliveryId Id,
    EventId Event,
    string EventType,
    long SubscriberNo,
    int Class,
    long Version,
    int AttemptCount,
    int Failures,
    AttemptTrigger Trigger,
    DateTimeOffset WaitingSince,
    int LeaseLosses,
    DateTimeOffset Due,
    byte[] Payload,
    DateTimeOffset Timestamp,
    string? Trace)
{
    /// <summary>Reads the columns of <see cref="ClaimStatements.Claim"/>.</summary>
    public static ClaimedRow Read(NpgsqlDataReader row) => new(
        new DeliveryId(row.GetGuid(0)),
        new EventId(row.GetGuid(1)),
        row.GetString(2),
        row.GetInt64(3),
        row.GetInt16(4),
        row.GetInt64(5),
        row.GetInt32(6),
        row.GetInt32(7),
        (AttemptTrigger)row.GetInt16(8),
        row.Time(9),
        row.GetInt16(10),
        row.Time(11),
        row.Bytes(12),
        row.Time(13),
        row.NullableText(14));

    /// <summary>What to send under <paramref name="lease"/>.</summary>
    public DeliveryWork ToWork(Lease lease, EndpointSnapshot endpoint) => new()
    {
        Lease = lease,
        Endpoint = endpoint,
        Event = Event,
        EventType = Core.Events.EventType.FromStore(EventType),
        EventTimestamp = Timestamp,
        Payload = Payload,
        AttemptCount = AttemptCount,
        Failures = Failures,
        Trigger = lease.IsProbe ? AttemptTrigger.Probe : Trigger,
        WaitingSince = WaitingSince,
        LostLeases = LeaseLosses + lease.LostBefore,
        Trace = TraceContext.FromText(Trace),
    };
}
