using Hookstream.Core.Tracing;

namespace Hookstream.Core.Deliveries;

/// <summary>All that is needed to make one attempt.</summary>
public sealed record DeliveryWork
{
    /// <summary>The lease it is sent under.</summary>
    public required Lease Lease { get; init; }

    /// <summary>Where it goes.</summary>
    public required EndpointSnapshot Endpoint { get; init; }

    /// <summary>The event.</summary>
    public required EventId Event { get; init; }

    /// <summary>The event's type.</summary>
    public required EventType EventType { get; init; }

    /// <summary>When the event happened, UTC.</summary>
    public required DateTimeOffset EventTimestamp { get; init; }

    /// <summary>The bytes that were posted.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>Attempts recorded so far; this one's number is one more.</summary>
    public required int AttemptCount { get; init; }

    /// <summary>Failures that count against the budget of the current schedule.</summary>
    public required int Failures { get; init; }

    /// <summary>Why it is sent.</summary>
    public required AttemptTrigger Trigger { get; init; }

    /// <summary>When the current schedule began: the event's acceptance, or the last replay. UTC.</summary>
    public required DateTimeOffset WaitingSince { get; init; }

    /// <summary>How many leases on it have run out in a row, its sender gone, since an outcome was last recorded.</summary>
    public int LostLeases { get; init; }

    /// <summary>The trace that the event was stored with; null: none.</summary>
    public TraceContext? Trace { get; init; }
}
