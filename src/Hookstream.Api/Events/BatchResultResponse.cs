namespace Hookstream.Api.Events;

/// <summary>What came of one event of a batch: its id and count, or an error.</summary>
internal sealed record BatchResultResponse
{
    public required int Index { get; init; }

    public string? EventId { get; init; }

    public int? EnqueuedCount { get; init; }

    /// <summary>Present and true when the event had been accepted before under its idempotency key.</summary>
    public bool? Duplicate { get; init; }

    public BatchErrorResponse? Error { get; init; }
}
