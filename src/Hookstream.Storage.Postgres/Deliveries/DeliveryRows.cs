using Hookstream.Core.Circuits;
using Npgsql;

namespace Hookstream.Storage.Postgres.Deliveries;

/// <summary>How deliveries read: held and cancelled follow from the endpoint.</summary>
internal static class DeliveryRows
{
    /// <summary>Of <c>unfinished d</c>, in the order of <see cref="Finished"/>.</summary>
    public const string Unfinished =
        """
        d.id, d.event, d.event_type, d.subscriber, d.status, d.attempt_count, d.due, d.last_attempt_at,
                d.last_status_code, d.error_code, d.error_message, d.created_at, null::timestamptz as finished_at
        """;

    /// <summary>Of <c>deliveries d</c>.</summary>
    public const string Finished =
        """
        d.id, d.event, d.event_type, d.subscriber, d.status, d.attempt_count, null::timestamptz as due, d.last_attempt_at,
                d.last_status_code, d.error_code, d.error_message, d.created_at, d.finished_at
        """;

    /// <summary>What is read of either, <c>d</c>, and of <c>subscribers s</c>.</summary>
    public const string Select =
        """
        select d.id, d.event, d.event_type, s.id, d.status, d.attempt_count, d.due, d.last_attempt_at, d.last_status_code,
            d.error_code, d.error_message, d.created_at, d.finished_at, s.cancelling, s.deleted_at,
            coalesce(s.cancelling_since, s.updated_at), s.paused, s.disabled_reason, s.effective_verification, s.verified_at,
            s.blocked_until, s.circuit_opened_at
        """;

    public static Delivery Read(NpgsqlDataReader row)
    {
        var delivery = new Delivery
        {
            Id = new DeliveryId(row.GetGuid(0)),
            Event = new EventId(row.GetGuid(1)),
            EventType = EventType.FromStore(row.GetString(2)),
            Subscriber = new SubscriberId(row.GetGuid(3)),
            Status = (DeliveryStatus)row.GetInt16(4),
            AttemptCount = row.GetInt32(5),
            LastAttemptAt = row.NullableTime(7),
            LastStatusCode = row.NullableInt32(8),
            LastError = row.IsDBNull(9) ? null : new DeliveryError(row.GetString(9), row.GetString(10)),
            CreatedAt = row.Time(11),
            FinishedAt = row.NullableTime(12),
        };
        return delivery.Status is DeliveryStatus.Pending or DeliveryStatus.Failed ? ReadUnfinished(row, delivery) : delivery;
    }

    private static Delivery ReadUnfinished(NpgsqlDataReader row, Delivery delivery)
    {
        var deletedAt = row.NullableTime(14);
        if (deletedAt is not null || row.GetBoolean(13))
        {
            return delivery with
            {
                Status = DeliveryStatus.Cancelled,
                LastError = deletedAt is null ? DeliveryErrors.SubscriberDisabled : DeliveryErrors.SubscriberDeleted,
                FinishedAt = deletedAt ?? row.Time(15),
            };
        }

        var gate = new EndpointGate
        {
            Paused = row.GetBoolean(16),
            DisabledReason = row.NullableText(17),
            Verification = (VerificationMode)row.GetInt32(18),
            VerifiedAt = row.NullableTime(19),
            BlockedUntil = row.NullableTime(20),
            Circuit = new EndpointCircuit { OpenedAt = row.NullableTime(21) },
        };
        if (gate.HoldReason is { } reason)
            return delivery with { Status = DeliveryStatus.Held, HoldReason = reason };
        var due = row.Time(6);
        return delivery with { NextAttemptAt = gate.BlockedUntil is { } until && until > due ? until : due };
    }
}
