namespace Hookstream.Client.Events;

/// <summary>What became of one event of a batch: accepted, or refused with <see cref="Error"/>.</summary>
public sealed record BatchItemResult
{
    /// <summary>The position in the batch, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>The event's id, <c>evt_…</c>; null when it was refused.</summary>
    public string? EventId { get; init; }

    /// <summary>How many deliveries were created; null when it was refused.</summary>
    public int? EnqueuedCount { get; init; }

    /// <summary>True when the idempotency key was known and nothing was sent.</summary>
    public bool Duplicate { get; init; }

    /// <summary>Why it was refused; null when it was accepted.</summary>
    public BatchItemError? Error { get; init; }
}
