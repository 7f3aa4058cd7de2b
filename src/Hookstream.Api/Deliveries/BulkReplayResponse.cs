namespace Hookstream.Api.Deliveries;

/// <summary>What a bulk replay has taken on.</summary>
/// <param name="Count">How many deliveries match.</param>
/// <param name="DryRun">True: they were only counted.</param>
internal sealed record BulkReplayResponse(long Count, bool DryRun);
