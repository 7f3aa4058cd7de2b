namespace Hookstream.Core.Stores;

/// <summary>Deliveries that wait because their endpoint is shut.</summary>
/// <param name="Paused">A person paused it.</param>
/// <param name="Unverified">It has not answered the challenge.</param>
/// <param name="CircuitOpen">Its circuit is open, or half open.</param>
/// <param name="Blocked">It asked to be left alone for a while (<c>Retry-After</c>).</param>
public readonly record struct HeldBacklog(long Paused, long Unverified, long CircuitOpen, long Blocked);
