namespace Hookstream.Core.Deliveries;

/// <summary>What a worker can take on now.</summary>
/// <param name="Slots">Most deliveries to claim; more than 0.</param>
/// <param name="SlotsPerEndpoint">
/// Most for an endpoint that <paramref name="FreeSlots"/> does not name, 0 keeps those out; an endpoint's own <c>max_in_flight</c> can only
/// lower it.
/// </param>
/// <param name="FreeSlots">
/// What is free at endpoints with sends under way; 0 keeps an endpoint out. Not changed while the claim runs.
/// </param>
/// <param name="LeaseDuration">How long the leases last unless renewed.</param>
public sealed record ClaimRequest(
    int Slots, int SlotsPerEndpoint, IReadOnlyDictionary<SubscriberId, int> FreeSlots, TimeSpan LeaseDuration)
{
    private static readonly IReadOnlySet<TenantId> None = new HashSet<TenantId>();

    /// <summary>Tenants that hold their share of the slots, and are kept out. Not changed while the claim runs.</summary>
    public IReadOnlySet<TenantId> FullTenants { get; init; } = None;

    /// <summary>
    /// Most of <see cref="Slots"/> for deliveries that have failed before, of all endpoints together; 0 keeps them out. Without a value, all.
    /// </summary>
    public int RetrySlots { get; init; } = int.MaxValue;
}
