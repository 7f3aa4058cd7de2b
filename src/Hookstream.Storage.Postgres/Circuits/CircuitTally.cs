using Hookstream.Core.Circuits;

namespace Hookstream.Storage.Postgres.Circuits;

/// <summary>
/// What a batch of outcomes says of one endpoint under one epoch of its circuit, in their order: enough to work out the circuit
/// after them without knowing it before.
/// </summary>
internal sealed record CircuitTally(SubscriberId Subscriber, long Epoch)
{
    /// <summary>Failures before the first success.</summary>
    public int FirstRun { get; private set; }

    /// <summary>The longest run of failures after the first success.</summary>
    public int LongestRun { get; private set; }

    /// <summary>Failures after the last success; all of them where there is none.</summary>
    public int LastRun { get; private set; }

    /// <summary>True when there was a success.</summary>
    public bool HasSuccess { get; private set; }

    /// <summary>The endpoints of a batch whose circuits are closed as far as is known, in the order of their ids.</summary>
    /// <param name="settlements">The outcomes.</param>
    /// <param name="late">Positions of those that change nothing.</param>
    public static List<CircuitTally> Of(IReadOnlyList<Settlement> settlements, IReadOnlySet<int> late)
    {
        var tallies = new Dictionary<(SubscriberId, long), CircuitTally>();
        CircuitTally? last = null;
        for (var i = 0; i < settlements.Count; i++)
        {
            var settlement = settlements[i];
            if (settlement.Lease.IsProbe || !settlement.MayChangeCircuit || late.Contains(i))
                continue;
            var key = (settlement.Lease.Subscriber, settlement.CircuitEpoch);
            if (last is null || (last.Subscriber, last.Epoch) != key)
            {
                if (!tallies.TryGetValue(key, out last))
                    tallies.Add(key, last = new CircuitTally(key.Subscriber, key.CircuitEpoch));
            }

            last.Add(settlement.Signal);
        }

        return [.. tallies.Values.OrderBy(tally => tally.Subscriber.Value)];
    }

    private void Add(CircuitSignal signal)
    {
        if (signal == CircuitSignal.Success)
        {
            HasSuccess = true;
            LastRun = 0;
            return;
        }

        LastRun++;
        if (HasSuccess)
            LongestRun = Math.Max(LongestRun, LastRun);
        else
            FirstRun++;
    }
}
