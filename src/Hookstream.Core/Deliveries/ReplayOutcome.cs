namespace Hookstream.Core.Deliveries;

/// <summary>What came of a replay or a cancel.</summary>
public enum ReplayOutcome
{
    /// <summary>Done.</summary>
    Accepted,

    /// <summary>The tenant has no such thing.</summary>
    NotFound,

    /// <summary>It is being sent just now.</summary>
    InFlight,

    /// <summary>Its subscriber was deleted.</summary>
    SubscriberDeleted,

    /// <summary>A cancel of what has been delivered.</summary>
    AlreadyDelivered,
}
