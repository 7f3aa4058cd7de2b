namespace Hookstream.Core.Recoveries;

/// <summary>Of which events a recovery is, by when they were created.</summary>
/// <param name="Since">At this time or later.</param>
/// <param name="Until">Before this time; null, or later than the store's now: now.</param>
/// <param name="MissedSince">
/// Where an event is older than this, it may have had a delivery that retention has removed: only what failed is replayed of
/// those, or what was delivered long ago would be sent once more.
/// </param>
public sealed record RecoveryWindow(DateTimeOffset Since, DateTimeOffset? Until, DateTimeOffset MissedSince);
