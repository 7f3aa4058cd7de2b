using Hookstream.Core.Circuits;

namespace Hookstream.Core.Lanes;

/// <summary>
/// What may be due, in memory: rounds of tenants and of their lanes, and timers for what is due later. It is a hint that
/// is rebuilt from the store when opening and refreshed now and then; the deliveries themselves are read from the store.
/// One lock, held for moments: never while reading or writing the store.
/// </summary>
internal sealed class LaneSet(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, TenantLanes> _tenants = [];
    private readonly Queue<TenantLanes> _round = new();
    private readonly SortedSet<(long At, Lane Lane)> _timers = new(TimerOrder.Instance);
    private readonly List<TenantLanes> _keptOut = [];
    private readonly List<TenantLanes> _onlyRetries = [];
    private TaskCompletionSource? _waiter;
    private long _signals;
    private long _seenSignals;
    private long _turns;

    /// <summary>The lock that guards lanes and leases alike.</summary>
    public Lock Gate => _gate;

    /// <summary>How many lanes wait for a time to come: each has one timer at most.</summary>
    public int Timers
    {
        get
        {
            lock (_gate)
                return _timers.Count;
        }
    }

    /// <summary>
    /// A delivery of the lane is due at <paramref name="due"/> (milliseconds): the time in its row, for what was due earlier
    /// than what has been claimed is found by it.
    /// </summary>
    public void Signal(Lane lane, int laneClass, long due)
    {
        lock (_gate)
        {
            lane.Signal(laneClass, due);
            Arrange(lane, laneClass, time.NowMilliseconds());
        }
    }

    /// <summary>The lane's gate may have opened or shut. After this, no claim that saw it open goes on.</summary>
    public void GateChanged(Lane lane)
    {
        lock (_gate)
        {
            // What was under way decided, or a person did.
            if (!lane.IsProbed)
                lane.ProbeUntil = 0;
            // Retries among others may wait there for long: its probe is not to.
            else
                LeaveRounds(lane);
            // Its rate may be another.
            lane.StarvedUntil = 0;
            ArrangeAll(lane, time.NowMilliseconds());
        }
    }

    /// <summary>A probe has ended, or was not sent at all: another may be claimed, where the circuit allows it.</summary>
    public void EndProbe(Lane lane)
    {
        lock (_gate)
        {
            lane.ProbeUntil = 0;
            ArrangeAll(lane, time.NowMilliseconds());
        }
    }

    /// <summary>How many of the lane may be claimed at once; those whose rate is used up are left alone until it is not.</summary>
    public int Allowance(Lane lane, long now)
    {
        lock (_gate)
            return lane.Allowance(now);
    }

    /// <summary>Brings lanes whose time has come into the rounds. Signals from now on wake the next wait.</summary>
    public void BeginClaim(long now)
    {
        while (_timers.Count > 0 && _timers.Min is var (at, lane) && at <= now)
        {
            _timers.Remove((at, lane));
            lane.TimerAt = Lane.Never;
            ArrangeAll(lane, now);
        }

        _seenSignals = _signals;
    }

    /// <summary>
    /// The next lane to serve, taken out of its round, with its class and its fair share of <paramref name="slots"/>:
    /// tenants in turn, within a tenant the highest priority first, within that its lanes in turn, those of first attempts and those of
    /// retries. Of a lane whose circuit is half open one delivery, the probe, after which it is shut until that has ended; it needs no slot for
    /// retries. Tenants among <paramref name="full"/> are kept out until <see cref="EndClaim"/>.
    /// </summary>
    /// <param name="slots">What can be claimed.</param>
    /// <param name="now">Milliseconds.</param>
    /// <param name="full">Tenants to keep out.</param>
    /// <param name="retries">Most of the slots for retries; none: their lanes keep their places for a later claim.</param>
    public (Lane Lane, int Class, int Share, bool IsProbe)? Next(
        int slots, long now, IReadOnlySet<TenantId>? full = null, int retries = int.MaxValue)
    {
        // Slots that were meant for retries and not used are for those that were passed over meanwhile.
        if (retries > 0)
            BringBack(_onlyRetries);
        while (_round.TryDequeue(out var tenant))
        {
            if (full?.Contains(tenant.Id) == true)
            {
                _keptOut.Add(tenant);
                continue;
            }

            var share = Math.Max(1, slots / (_round.Count + 1));
            while (tenant.TryDequeue(retries > 0, out var lane, out var laneClass))
            {
                if (!lane.IsOpen(now))
                {
                    Arrange(lane, laneClass, now);
                    continue;
                }

                // It was to be probed, and its circuit has closed.
                if (retries <= 0 && LaneClass.IsRetry(laneClass) && !lane.IsProbed)
                {
                    tenant.Enqueue(lane, laneClass, ++_turns);
                    continue;
                }

                if (lane.YieldsToOther(laneClass) && (retries > 0 || LaneClass.IsRetry(laneClass)))
                {
                    tenant.Enqueue(lane, laneClass, ++_turns);
                    continue;
                }

                // Consumed before the store is read: what is signalled meanwhile sets it again.
                lane.Due[laneClass] = Lane.Never;
                _round.Enqueue(tenant);
                if (lane.IsProbed)
                {
                    lane.ProbeUntil = now + (long)EndpointCircuit.ProbeLease.TotalMilliseconds;
                    return (lane, laneClass, 1, true);
                }

                share = Math.Max(1, share / (tenant.Waiting(LaneClass.PriorityOf(laneClass), retries > 0) + 1));
                return (lane, laneClass, LaneClass.IsRetry(laneClass) ? Math.Min(share, retries) : share, false);
            }

            if (tenant.HasLanes)
                _onlyRetries.Add(tenant);
            else
                tenant.InRound = false;
        }

        return null;
    }

    /// <summary>The claim is over: whom it kept out comes to the next one.</summary>
    public void EndClaim()
    {
        BringBack(_keptOut);
        BringBack(_onlyRetries);
    }

    /// <summary>Puts a lane back without waking anyone: something is due, but nothing has changed.</summary>
    public void PutBack(Lane lane, int laneClass, long due, long now)
    {
        if (due < lane.Due[laneClass])
            lane.Due[laneClass] = due;
        Arrange(lane, laneClass, now, wake: false);
    }

    /// <summary>
    /// Completes when something was signalled since the last claim began, when a timer runs out, and after 1 s.
    /// </summary>
    public async Task WaitAsync(long leaseExpiry, CancellationToken cancellation)
    {
        Task signalled;
        TimeSpan delay;
        lock (_gate)
        {
            if (_signals != _seenSignals)
                return;
            _waiter ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            signalled = _waiter.Task;
            var next = _timers.Count > 0 ? Math.Min(_timers.Min.At, leaseExpiry) : leaseExpiry;
            delay = TimeSpan.FromMilliseconds(Math.Clamp(next - time.NowMilliseconds(), 1, 1_000));
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAny(signalled, Task.Delay(delay, time, ended.Token));
        await ended.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
    }

    private void BringBack(List<TenantLanes> tenants)
    {
        tenants.ForEach(_round.Enqueue);
        tenants.Clear();
    }

    // What is due in it is arranged anew after this.
    private static void LeaveRounds(Lane lane) => lane.Ready.AsSpan(LaneClass.Priorities).Clear();

    private void ArrangeAll(Lane lane, long now)
    {
        for (var laneClass = 0; laneClass < LaneClass.Count; laneClass++)
            Arrange(lane, laneClass, now);
    }

    // Puts a class of a lane where it belongs: into the round when due, behind a timer when due later; a shut gate keeps
    // its due time only, to be looked at again when the gate changes.
    private void Arrange(Lane lane, int laneClass, long now, bool wake = true)
    {
        var due = lane.Due[laneClass];
        if (due == Lane.Never || lane.Ready[laneClass])
            return;
        if (!lane.IsOpen(now))
        {
            if (lane.ShutUntil > now)
                SetTimer(lane, lane.ShutUntil, wake);
            return;
        }

        if (due > now)
        {
            SetTimer(lane, due, wake);
            return;
        }

        if (!_tenants.TryGetValue(lane.Entry.TenantNo, out var tenant))
            _tenants.Add(lane.Entry.TenantNo, tenant = new TenantLanes(lane.Entry.Subscriber.Tenant));
        tenant.Enqueue(lane, laneClass, ++_turns);
        if (!tenant.InRound)
        {
            tenant.InRound = true;
            _round.Enqueue(tenant);
        }

        if (wake)
            Wake();
    }

    private void SetTimer(Lane lane, long at, bool wake)
    {
        if (at >= lane.TimerAt)
            return;
        if (lane.TimerAt != Lane.Never)
            _timers.Remove((lane.TimerAt, lane));
        lane.TimerAt = at;
        _timers.Add((at, lane));
        if (wake)
            Wake();
    }

    private void Wake()
    {
        _signals++;
        _waiter?.TrySetResult();
        _waiter = null;
    }

    private sealed class TimerOrder : IComparer<(long At, Lane Lane)>
    {
        public static readonly TimerOrder Instance = new();

        public int Compare((long At, Lane Lane) x, (long At, Lane Lane) y) =>
            x.At != y.At ? x.At.CompareTo(y.At) : x.Lane.Entry.No.CompareTo(y.Lane.Entry.No);
    }
}
