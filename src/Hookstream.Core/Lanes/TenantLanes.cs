namespace Hookstream.Core.Lanes;

/// <summary>A tenant's rounds: its lanes with something due, by class.</summary>
internal sealed class TenantLanes(TenantId id)
{
    // The two rounds of a priority are one, in the order of the turns; apart, so that either can be passed over as a whole. Probes
    // stand in that of first attempts, whatever they are: an endpoint that is well again is not to wait for slots that others' retries hold.
    private readonly Queue<Place>[] _rounds = [.. Enumerable.Range(0, LaneClass.Count).Select(_ => new Queue<Place>())];

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
        var round = lane.IsProbed ? LaneClass.PriorityOf(laneClass) : laneClass;
        _rounds[round].Enqueue(new Place(lane, laneClass, turn));
        lane.Ready[laneClass] = true;
        lane.Turn[laneClass] = turn;
    }

    /// <summary>Takes out the lane whose turn it is: of the first priority that has one, the one that waits longest.</summary>
    /// <param name="retries">False: lanes of retries stay where they are.</param>
    /// <param name="lane">The lane.</param>
    /// <param name="laneClass">Of what is due in it.</param>
    public bool TryDequeue(bool retries, out Lane lane, out int laneClass)
    {
        for (var priority = 0; priority < LaneClass.Priorities; priority++)
        {
            var round = _rounds[priority];
            var again = _rounds[LaneClass.RetryOf(priority)];
            if (retries && TryPeek(again, out var retry) && (!TryPeek(round, out var first) || retry.Turn < first.Turn))
                round = again;
            if (!TryPeek(round, out var next))
                continue;
            round.Dequeue();
            (lane, laneClass) = (next.Lane, next.Class);
            lane.Ready[laneClass] = false;
            return true;
        }

        (lane, laneClass) = (null!, 0);
        return false;
    }

    /// <summary>How many lanes of a priority wait for their turn.</summary>
    public int Waiting(int priority, bool retries) =>
        _rounds[priority].Count + (retries ? _rounds[LaneClass.RetryOf(priority)].Count : 0);

    // Places that were given up are found where they have come to the front.
    private static bool TryPeek(Queue<Place> round, out Place next)
    {
        while (round.TryPeek(out next))
        {
            if (next.Lane.Ready[next.Class] && next.Lane.Turn[next.Class] == next.Turn)
                return true;
            round.Dequeue();
        }

        return false;
    }

    private readonly record struct Place(Lane Lane, int Class, long Turn);
}
