namespace Hookstream.Core.Recoveries;

/// <summary>What came of asking for a recovery.</summary>
/// <param name="Outcome">Whether it was accepted.</param>
/// <param name="Count">How many deliveries will be due because of it, as things stood when it was accepted.</param>
public readonly record struct RecoveryResult(RecoveryOutcome Outcome, long Count);
