namespace Hookstream.Api.Health;

/// <summary>How something that the program depends on answers.</summary>
/// <param name="Status">ok or unavailable.</param>
/// <param name="LatencyMs">How long it took to answer; null when it did not.</param>
internal sealed record DependencyHealth(string Status, double? LatencyMs);
