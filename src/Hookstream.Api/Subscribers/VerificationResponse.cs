namespace Hookstream.Api.Subscribers;

/// <summary>What came of a challenge that was answered.</summary>
/// <param name="Verified">Always true.</param>
internal sealed record VerificationResponse(bool Verified);
