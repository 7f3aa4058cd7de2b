using Hookstream.Core.Circuits;

namespace Hookstream.Core.Stores;

/// <summary>What waits in the store at one moment.</summary>
/// <param name="Tenants">How much of each tenant; one of which nothing waits may be left out.</param>
/// <param name="Held">How much of it waits because its endpoint is shut, and why.</param>
/// <param name="OldestDue">
/// For how long the oldest has been due whose endpoint is open; zero where none is. Time before a person opened the endpoint, or
/// before it wanted to be asked again, does not count, and neither does an endpoint with a rate limit: what waits for that is not late.
/// What is being sent just now is due until its outcome is recorded.
/// </param>
/// <param name="OpenCircuits">Endpoints whose circuit is open or half open.</param>
/// <param name="ClosedCircuits">All others, where there are not many endpoints; else none.</param>
public sealed record Backlog(
    IReadOnlyList<TenantBacklog> Tenants,
    HeldBacklog Held,
    TimeSpan OldestDue,
    IReadOnlyList<(SubscriberId Endpoint, CircuitState State)> OpenCircuits,
    IReadOnlyList<SubscriberId> ClosedCircuits);
