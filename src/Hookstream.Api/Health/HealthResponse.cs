namespace Hookstream.Api.Health;

/// <summary>How the deployment is.</summary>
/// <param name="Status">ok, unavailable, or stopping while this process ends.</param>
/// <param name="Version">The program's version.</param>
/// <param name="UptimeSeconds">Since the program started.</param>
/// <param name="Store">How the store answers.</param>
/// <param name="Queue">How the queue answers; without Redis, the store is the queue.</param>
internal sealed record HealthResponse(
    string Status, string Version, long UptimeSeconds, DependencyHealth Store, DependencyHealth Queue);
