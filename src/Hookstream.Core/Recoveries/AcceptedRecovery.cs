using Hookstream.Core.Ids;

namespace Hookstream.Core.Recoveries;

/// <summary>
/// A recovery as it was accepted, filters included: what it brings is settled from then on, whatever changes later. Times
/// are whole milliseconds, as events have them.
/// </summary>
internal sealed record AcceptedRecovery(
    long TenantNo,
    long SubscriberNo,
    IReadOnlyList<EventFilter> Filters,
    DateTimeOffset Since,
    DateTimeOffset Until,
    DateTimeOffset MissedSince,
    DateTimeOffset AcceptedAt)
{
    // Deliveries are made with their event or after it, by clocks that may differ a little.
    private static readonly TimeSpan ClockDifference = TimeSpan.FromMinutes(10);

    /// <summary>No event of the window has an id before this one.</summary>
    public Guid FirstEvent => TimeBounds.FirstIdAt(Since);

    /// <summary>The ids of all events of the window are before this one.</summary>
    public Guid EndOfEvents => TimeBounds.FirstIdAt(Until);

    /// <summary>No event that may be sent for the first time has an id before this one.</summary>
    public Guid FirstMissed => TimeBounds.FirstIdAt(MissedSince);

    /// <summary>No delivery of an event of the window has an id before this one.</summary>
    public Guid FirstDelivery => TimeBounds.FirstIdAt(Since - ClockDifference);

    public static AcceptedRecovery Of(
        long tenantNo, long subscriberNo, IReadOnlyList<EventFilter> filters, RecoveryWindow window, DateTimeOffset now)
    {
        var since = CutUp(window.Since, now);
        var missed = CutUp(window.MissedSince, now);
        return new AcceptedRecovery(
            tenantNo, subscriberNo, filters, since, CutUp(window.Until ?? now, now), missed > since ? missed : since, now);
    }

    /// <summary>True when an event that this subscriber has no delivery of is one that it should have had.</summary>
    public bool IsMissed(EventId id, EventType type) => id.Value.CompareTo(FirstMissed) >= 0 && Wants(type);

    /// <summary>True when an event of this type is wanted.</summary>
    public bool Wants(EventType type) => EventFilter.AnyMatches(Filters, type);

    /// <summary>
    /// True when a delivery had failed by the time of acceptance: it was given up on, or was cancelled because its subscriber
    /// was disabled. What a person cancelled is left alone.
    /// </summary>
    public bool HasFailed(DeliveryStatus status, string? errorCode, DateTimeOffset? finishedAt) =>
        (status == DeliveryStatus.DeadLetter
            || (status == DeliveryStatus.Cancelled && errorCode == DeliveryErrors.SubscriberDisabled.Code))
        && finishedAt <= AcceptedAt;

    // An event is as old as its whole millisecond: one of the millisecond that a time falls into is before that time.
    private static DateTimeOffset CutUp(DateTimeOffset time, DateTimeOffset now)
    {
        if (time >= now)
            return now;
        if (time <= DateTimeOffset.UnixEpoch)
            return DateTimeOffset.UnixEpoch;
        var rest = time.Ticks % TimeSpan.TicksPerMillisecond;
        return rest == 0 ? time : time.AddTicks(TimeSpan.TicksPerMillisecond - rest);
    }
}
