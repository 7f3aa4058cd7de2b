using Hookstream.Core.Catalogs;
using Hookstream.Core.Rates;

namespace Hookstream.Core.Lanes;

/// <summary>
/// An endpoint's place in the queue: when something of it may be due, by <see cref="LaneClass"/>. All state belongs to
/// <see cref="LaneSet"/> and is touched under its lock only. Its size does not depend on what waits in it.
/// </summary>
internal sealed class Lane
{
    /// <summary>No due time known.</summary>
    public const long Never = long.MaxValue;

    public Lane(SubscriberEntry entry)
    {
        Entry = entry;
        Due.AsSpan().Fill(Never);
        Position.AsSpan().Fill(LanePosition.Start);
    }

    public SubscriberEntry Entry { get; }

    /// <summary>Per class, a time before which nothing is due, in milliseconds; <see cref="Never"/> when nothing waits.</summary>
    public long[] Due { get; } = new long[LaneClass.Count];

    /// <summary>
    /// Per class, where the next claim reads on, so that it need not read past what is leased. What becomes due before it
    /// moves it back.
    /// </summary>
    public LanePosition[] Position { get; } = new LanePosition[LaneClass.Count];

    /// <summary>Per class, whether it stands in its tenant's round.</summary>
    public bool[] Ready { get; } = new bool[LaneClass.Count];

    /// <summary>Per class, its place in that round: an older one was given up.</summary>
    public long[] Turn { get; } = new long[LaneClass.Count];

    /// <summary>Per priority, the class that was read last: the other one goes first where both have something due.</summary>
    private readonly int[] _lastRead = [LaneClass.Count, LaneClass.Count, LaneClass.Count, LaneClass.Count];

    /// <summary>When the lane is looked at next; <see cref="Never"/> without a timer.</summary>
    public long TimerAt { get; set; } = Never;

    /// <summary>Leases out on its deliveries.</summary>
    public int Leased { get; set; }

    /// <summary>Until when a probe that was claimed here keeps others away, milliseconds; 0: none is under way.</summary>
    public long ProbeUntil { get; set; }

    /// <summary>What the endpoint may be sent, where its rate is limited and this process is the one that counts.</summary>
    public RateBucket Bucket { get; private set; }

    /// <summary>When there is a token of its rate again, milliseconds; 0: there may be one now.</summary>
    public long StarvedUntil { get; set; }

    /// <summary>Most requests per second; null: no limit.</summary>
    public double? Rate => Entry.Subscriber.Settings.RateLimitPerSecond;

    /// <summary>When nothing of it is claimed before, milliseconds; 0: no such time. A person may have shut it beside that.</summary>
    public long ShutUntil
    {
        get
        {
            var gate = Entry.Subscriber.Gate;
            var until = gate.ShutUntil?.ToUnixTimeMilliseconds() ?? 0;
            if (Rate is not null)
                until = Math.Max(until, StarvedUntil);
            return gate.Circuit.IsOpen ? Math.Max(until, ProbeUntil) : until;
        }
    }

    /// <summary>True while its circuit is open: what is claimed of it is a probe.</summary>
    public bool IsProbed => Entry.Subscriber.Gate.Circuit.IsOpen;

    /// <summary>True when something of it may be claimed at <paramref name="now"/>.</summary>
    public bool IsOpen(long now) => Entry.IsOpen(DateTimeOffset.FromUnixTimeMilliseconds(now)) && ShutUntil <= now;

    /// <summary>How many of it its rate allows at <paramref name="now"/>, where this process counts. With none it is starved.</summary>
    public int Allowance(long now)
    {
        if (Rate is not { } rate)
            return int.MaxValue;
        Bucket = Bucket.Bounded(rate, now);
        StarvedUntil = Bucket.ReadyAt(rate, now);
        return Bucket.Tokens(rate, now);
    }

    /// <summary>One of it has been claimed.</summary>
    public void Spend(long now)
    {
        if (Rate is not { } rate)
            return;
        Bucket = Bucket.After(rate, 1, now);
        StarvedUntil = Bucket.ReadyAt(rate, now);
    }

    /// <summary>A delivery is due at <paramref name="due"/>; claims find it, even if they have read past that time.</summary>
    public void Signal(int laneClass, long due)
    {
        if (due < Due[laneClass])
            Due[laneClass] = due;
        if (due <= Position[laneClass].Due)
            Position[laneClass] = LanePosition.Before(due);
    }

    /// <summary>
    /// A claim has read up to <paramref name="position"/>: the next one reads on from there, or from what was signalled
    /// since this one took the lane out of its round.
    /// </summary>
    public void Advance(int laneClass, LanePosition position)
    {
        var signalled = Due[laneClass];
        Position[laneClass] = signalled <= position.Due ? LanePosition.Before(signalled) : position;
        _lastRead[LaneClass.PriorityOf(laneClass)] = laneClass;
    }

    /// <summary>
    /// True when this class was read last of its priority and the other one waits for its turn. Without that an endpoint with one slot, or
    /// one token of its rate at a time, could be served from one of them only.
    /// </summary>
    public bool YieldsToOther(int laneClass) =>
        _lastRead[LaneClass.PriorityOf(laneClass)] == laneClass && Ready[LaneClass.OtherOf(laneClass)];
}
