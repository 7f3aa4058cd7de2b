namespace Hookstream.Core.Subscribers;

/// <summary>What came of a challenge.</summary>
/// <param name="Verified">True: a 2xx whose JSON body holds the same challenge.</param>
/// <param name="Attempt">The request and what came back.</param>
/// <param name="Problem">For people: what was wrong with the answer; null when verified.</param>
public sealed record ChallengeResult(bool Verified, Attempt Attempt, string? Problem);
