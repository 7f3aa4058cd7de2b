namespace Hookstream.Client.Events;

/// <summary>What the server answers to a batch of which at least one event is valid.</summary>
public sealed record BatchReceipt
{
    /// <summary>One result per event, in the order sent.</summary>
    public required IReadOnlyList<BatchItemResult> Results { get; init; }
}
