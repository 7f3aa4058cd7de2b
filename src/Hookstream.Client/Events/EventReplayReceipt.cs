namespace Hookstream.Client.Events;

/// <summary>What the server answers to the replay of an event.</summary>
public sealed record EventReplayReceipt
{
    /// <summary>The event's id, <c>evt_…</c>.</summary>
    public string? EventId { get; init; }

    /// <summary>How many deliveries will be sent again or anew.</summary>
    public int EnqueuedCount { get; init; }
}
