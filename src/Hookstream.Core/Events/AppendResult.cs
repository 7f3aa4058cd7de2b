namespace Hookstream.Core.Events;

/// <summary>What came of appending an event.</summary>
/// <param name="Outcome">What came of it.</param>
/// <param name="Id">The event, or for a duplicate or conflict the one accepted first.</param>
/// <param name="EnqueuedCount">How many deliveries were created, held ones included; for a duplicate, then.</param>
public readonly record struct AppendResult(AppendOutcome Outcome, EventId Id, int EnqueuedCount);
