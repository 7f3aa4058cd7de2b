namespace Hookstream.Client.Events;

/// <summary>What the server answers to an accepted event.</summary>
public sealed record EventReceipt
{
    /// <summary>The event's id, <c>evt_…</c>; subscribers see it as <c>webhook-id</c>.</summary>
    public required string EventId { get; init; }

    /// <summary>How many deliveries were created, held ones included; 0: no subscriber wants this type.</summary>
    public required int EnqueuedCount { get; init; }

    /// <summary>True when the idempotency key was known: nothing was sent, and the values are the first call's.</summary>
    public bool Duplicate { get; init; }
}
