namespace Hookstream.Core.Events;

/// <summary>What came of replaying an event.</summary>
/// <param name="Outcome">
/// <see cref="ReplayOutcome.NotFound"/> when the tenant has no such event or subscriber;
/// <see cref="ReplayOutcome.InFlight"/> when the one delivery asked for is being sent just now.
/// </param>
/// <param name="EnqueuedCount">How many deliveries are due now because of it.</param>
public readonly record struct EventReplayResult(ReplayOutcome Outcome, int EnqueuedCount);
