namespace Hookstream.Core.Lanes;

/// <summary>A tenant's round: its lanes with something due, by class.</summary>
internal sealed class TenantLanes(TenantId id)
{
    public TenantId Id => id;

    /// <summary>Lanes to serve in turn, per class.</summary>
    public Queue<Lane>[] Rounds { get; } = [new(), new(), new(), new()];

    /// <summary>True while the tenant stands in the round of tenants.</summary>
    public bool InRound { get; set; }

    public bool IsEmpty => Array.TrueForAll(Rounds, round => round.Count == 0);
}
