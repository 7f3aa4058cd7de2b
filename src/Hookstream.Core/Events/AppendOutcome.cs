namespace Hookstream.Core.Events;

/// <summary>What came of appending an event.</summary>
public enum AppendOutcome
{
    /// <summary>The event and all its deliveries are committed.</summary>
    Accepted,

    /// <summary>The same event was accepted under this idempotency key within the last 24 h; nothing was stored.</summary>
    Duplicate,

    /// <summary>Another event was accepted under this idempotency key within the last 24 h; nothing was stored.</summary>
    Conflict,

    /// <summary>The store could not take this one event, while others around it were stored. The cause is in the log.</summary>
    Failed,
}
