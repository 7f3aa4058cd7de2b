namespace Hookstream.Core.Lanes;

/// <summary>A tenant's rounds: its lanes with something due, by class.</summary>
internal sealed class TenantLanes(TenantId id)
{
    // The two rounds of a priority are one, in the order of the turns; apart, so that either can be passed over as a whole.
    private readonly Queue<(Lane Lane, long Turn)>[] _rounds =
        [.. Enumerable.Range(0, LaneClass.Count).Select(_ => new Queue<(Lane, long)>())];

    public TenantId Id => id;

    /// <summary>True while the tenant stands in the round of tenants.</summary>
    public bool InRound { get; set; }

    /// <summary>True when a lane stands in one of its rounds.</summary>
    public bool HasLanes => Array.Exists(_rounds, round => round.Count > 0);

    /// <summary>Puts a lane at the end of its round.</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="laneClass">Of what is due in it.</param>
    /// <param name="turn">Greater than every one before.</param>
    public void Enqueue(Lane lane, int laneClass, long turn)
    {
        _rounds[laneClass].Enqueue((lane, turn));
        lane.Ready[laneClass] = true;
    }

    /// <summary>Takes out the lane whose turn it is: of the first priority that has one, the one that waits longest.</summary>
    /// <param name="retries">False: lanes of retries stay where they are.</param>
    /// <param name="lane">The lane.</param>
    /// <param name="laneClass">Of what is due in it.</param>
    public bool TryDequeue(bool retries, out Lane lane, out int laneClass)
    {
        for (var priority = 0; priority < LaneClass.Priorities; priority++)
        {
            laneClass = priority;
            var retry = LaneClass.RetryOf(priority);
            if (retries && _rounds[retry].TryPeek(out var again)
                && (!_rounds[priority].TryPeek(out var first) || again.Turn < first.Turn))
                laneClass = retry;
            if (!_rounds[laneClass].TryDequeue(out var next))
                continue;
            lane = next.Lane;
            lane.Ready[laneClass] = false;
            return true;
        }

        (lane, laneClass) = (null!, 0);
        return false;
    }

    /// <summary>How many lanes of a priority wait for their turn.</summary>
    public int Waiting(int priority, bool retries) =>
        _rounds[priority].Count + (retries ? _rounds[LaneClass.RetryOf(priority)].Count : 0);
}
