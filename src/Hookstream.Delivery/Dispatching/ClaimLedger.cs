using System.Threading.Channels;

namespace Hookstream.Delivery.Dispatching;

/// <summary>
/// Every claim of this process, and from that which slots are free. A slot is taken by the claim and freed when the send
/// ends; the claim stays on the books until its outcome is recorded, so that claiming stops when settling stalls. What was
/// claimed ahead of its endpoint's slots, or of those of the process, waits here, for moments, until one of them is free.
/// </summary>
internal sealed class ClaimLedger(DeliveryOptions options, TimeProvider time)
{
    // Claims on the books, for each slot: what waits, what is sent, and outcomes that are not recorded yet. What a crash may repeat.
    private const int MostUnsettled = 4;

    private readonly Lock _lock = new();
    private readonly LinkedList<Claim> _claims = new();
    private readonly Dictionary<SubscriberId, EndpointLane> _lanes = [];
    private readonly Dictionary<SubscriberId, int> _freeSlots = [];
    private readonly List<SubscriberId> _forgotten = [];
    private readonly Dictionary<TenantId, int> _heldByTenant = [];
    private readonly HashSet<TenantId> _fullTenants = [];
    private readonly Queue<EndpointLane> _outOfSlots = new();
    private readonly long _origin = time.GetTimestamp();

    private readonly Channel<bool> _freed = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private TaskCompletionSource? _idle;
    private int _inFlight;
    private int _retriesInFlight;
    private int _retrySlots;
    private bool _retriesLimit;
    private bool _moreRetries;
    private int _waiting;
    private bool _noSlots;
    private bool _shareLimits;
    private bool _noRoom;
    private bool _moreElsewhere = true;
    private int _slotsPerEndpoint;

    // True when the last claim left alone what it would have claimed ahead, and there is room for many of them now.
    private bool HasRoomAgain => _noRoom && options.Concurrency - _waiting > 2 * LeastRoom;

    // With less room for what waits, nothing is claimed ahead: not a few at a time.
    private int LeastRoom => options.Concurrency / 4;

    // Sends, and what will be sent as soon as it is loaded.
    private int Sending => _inFlight - _waiting;

    private double Now => time.GetElapsedTime(_origin).TotalSeconds;

    /// <summary>Sends in flight, and what waits for a slot of its endpoint.</summary>
    public int InFlight
    {
        get
        {
            lock (_lock)
                return _inFlight;
        }
    }

    /// <summary>True while a send is in flight, or an outcome is not recorded yet.</summary>
    public bool IsBusy
    {
        get
        {
            lock (_lock)
                return _claims.Count > 0;
        }
    }

    /// <summary>
    /// What can be claimed now; null when nothing can. For one claim at a time: the next call changes what this returned.
    /// </summary>
    public ClaimRequest? Prepare()
    {
        lock (_lock)
        {
            _freed.Reader.TryRead(out _);
            var free = options.Concurrency - Sending;
            var unsettled = (MostUnsettled * options.Concurrency) - _claims.Count;

            // An endpoint may hold at most half of what the others leave free, and a claim takes half of it: however many
            // endpoints hang, some slots stay free for the others. Of the last quarter an endpoint gets one slot unless it has
            // earned more than it began with, of the last eighth none: so a flood of retries, which are of endpoints that fail, leaves
            // room for what is fresh at those that answer.
            var share = Half(free);
            var first = free <= options.Concurrency / 8 ? 0 : free <= options.Concurrency / 4 ? 1 : EndpointLane.Few;
            _slotsPerEndpoint = Math.Min(Math.Min(options.EndpointConcurrency, first), share);
            FindFullTenants();
            var slots = Math.Min(Math.Max(share, FillFreeSlots(share, first)), unsettled);
            _noSlots = slots <= 0;
            if (_noSlots)
                return null;
            // The last quarter of all slots is for what is sent for the first time, wherever it goes.
            _retrySlots = Math.Clamp(options.Concurrency - (options.Concurrency / 4) - _retriesInFlight, 0, slots);
            _retriesLimit = _retrySlots < slots;
            return new ClaimRequest(slots, _slotsPerEndpoint, _freeSlots, options.LeaseDuration)
            {
                FullTenants = _fullTenants,
                RetrySlots = _retrySlots,
            };
        }
    }

    /// <summary>
    /// False when a claim would find nothing: the last one took all there was but for endpoints that are still kept out, and the
    /// queue has not said since that there is more. Asked after <see cref="Prepare"/>.
    /// </summary>
    public bool MayFindMore
    {
        get
        {
            lock (_lock)
                return _moreElsewhere || (_moreRetries && _retrySlots > 0) || _lanes.Values.Any(lane => lane.MayHaveMore && !lane.IsKeptOut);
        }
    }

    /// <summary>The queue says that there may be more.</summary>
    public void ExpectMore()
    {
        lock (_lock)
            _moreElsewhere = true;
    }

    /// <summary>Enters what was claimed.</summary>
    public Claim[] Add(ClaimRequest request, IReadOnlyList<Lease> leases, long heldSince)
    {
        lock (_lock)
        {
            // What was taken from may have more; where something was free and nothing taken, nothing is due.
            _moreElsewhere = leases.Count >= request.Slots
                || request.SlotsPerEndpoint < Math.Min(EndpointLane.Few, options.EndpointConcurrency)
                || request.FullTenants.Count > 0;
            _moreRetries = request.RetrySlots < request.Slots && leases.Count(lease => lease.IsRetry) >= request.RetrySlots;
            foreach (var lane in _lanes.Values)
                lane.MayHaveMore &= lane.IsKeptOut;
        }

        return Add(leases, heldSince);
    }

    internal Claim[] Add(IReadOnlyList<Lease> leases, long heldSince)
    {
        var claims = new Claim[leases.Count];
        lock (_lock)
        {
            var now = Now;
            for (var i = 0; i < claims.Length; i++)
            {
                var lease = leases[i];
                if (!_lanes.TryGetValue(lease.Subscriber, out var lane))
                    _lanes.Add(lease.Subscriber, lane = new EndpointLane(lease.Subscriber, lease.Tenant));
                lane.MayHaveMore = true;
                _inFlight++;
                _retriesInFlight += lease.IsRetry ? 1 : 0;
                var claim = new Claim { Lease = lease, Lane = lane, Entered = now, HeldSince = heldSince };
                claim.Node = _claims.AddLast(claim);
                claim.Waiting = lane.Waiting.AddLast(claim);
                _waiting++;
                PassOn(lane, now);
                claim.Waited = !claim.HoldsSlot;
                claims[i] = claim;
            }
        }

        return claims;
    }

    /// <summary>A claim is loaded: it is sent now, or as soon as a slot of its endpoint is free.</summary>
    public void Start(Claim claim)
    {
        lock (_lock)
        {
            claim.IsReady = true;
            if (claim.HoldsSlot)
                ThreadPool.UnsafeQueueUserWorkItem(claim, preferLocal: false);
        }
    }

    /// <summary>Takes out what has waited for a slot of its endpoint for longer than <paramref name="age"/>, and will not be sent.</summary>
    public List<Claim> TakeWaiting(TimeSpan age)
    {
        var found = new List<Claim>();
        lock (_lock)
        {
            var since = Now - age.TotalSeconds;
            foreach (var lane in _lanes.Values)
            {
                while (lane.Waiting.First is { } first && first.Value.Entered <= since && first.Value.IsReady)
                {
                    Unqueue(first.Value);
                    found.Add(first.Value);
                }
            }
        }

        return found;
    }

    /// <summary>Takes out what is loaded and waits for a slot of this endpoint, which will not be sent.</summary>
    public List<Claim> TakeWaiting(EndpointLane lane)
    {
        lock (_lock)
        {
            var found = lane.Waiting.Where(claim => claim.IsReady).ToList();
            found.ForEach(Unqueue);
            return found;
        }
    }

    /// <summary>Frees the slot of a send that has ended.</summary>
    /// <param name="claim">What was sent.</param>
    /// <param name="succeeded">Whether the endpoint took it; null: nothing was sent.</param>
    public void EndSend(Claim claim, bool? succeeded)
    {
        lock (_lock)
        {
            // It may be recorded and closed already: then nobody would give the slot back.
            if (succeeded == false && claim.Node is not null)
            {
                claim.IsUnrecordedFailure = true;
                claim.Lane.UnrecordedFailures++;
            }

            FreeSlot(claim, succeeded);
        }
    }

    /// <summary>Takes a claim off the books: settled, released or given up.</summary>
    public void Close(Claim claim)
    {
        lock (_lock)
        {
            FreeSlot(claim, succeeded: null);
            claim.Ended = true;
            if (claim.IsUnrecordedFailure)
            {
                claim.IsUnrecordedFailure = false;
                claim.Lane.UnrecordedFailures--;
                PassOn(claim.Lane, Now);
                if (claim.Lane.IsWorthClaiming)
                    _freed.Writer.TryWrite(true);
            }

            if (claim.Node is { } node)
            {
                _claims.Remove(node);
                claim.Node = null;
            }

            if (_noSlots)
                _freed.Writer.TryWrite(true);
        }
    }

    /// <summary>Claims that were last renewed longer ago than <paramref name="age"/>.</summary>
    public List<Claim> HeldLongerThan(TimeSpan age)
    {
        var found = new List<Claim>();
        lock (_lock)
        {
            foreach (var claim in _claims)
            {
                if (!claim.Ended && time.GetElapsedTime(claim.HeldSince) >= age)
                    found.Add(claim);
            }
        }

        return found;
    }

    /// <summary>Enters what came of a renewal that began at <paramref name="heldSince"/>.</summary>
    /// <returns>Those found lost that were still on the books.</returns>
    public List<Lease> Renewed(IReadOnlyList<Claim> claims, IReadOnlyList<Lease> lost, long heldSince)
    {
        var gone = new HashSet<Lease>(lost);
        var found = new List<Lease>();
        lock (_lock)
        {
            foreach (var claim in claims)
            {
                if (!gone.Contains(claim.Lease))
                {
                    claim.HeldSince = heldSince;
                }
                else if (!claim.Ended)
                {
                    claim.Ended = true;
                    found.Add(claim.Lease);
                }
            }
        }

        return found;
    }

    /// <summary>Completes when a slot was freed that the last claim would have wanted.</summary>
    public async Task WaitForSlotAsync(CancellationToken cancellation) =>
        await _freed.Reader.ReadAsync(cancellation).ConfigureAwait(false);

    /// <summary>True when such a slot was freed since the last claim was prepared, and nobody has been told.</summary>
    public bool TakeFreed() => _freed.Reader.TryRead(out _);

    /// <summary>Completes when no send is in flight; nothing may be claimed any more by then.</summary>
    public Task WhenIdle()
    {
        lock (_lock)
        {
            if (_inFlight == 0)
                return Task.CompletedTask;
            _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _idle.Task;
        }
    }

    private static int Half(int free) => (free + 1) / 2;

    // Where several tenants have something to send, none takes the last quarter of the slots.
    private void FindFullTenants()
    {
        _fullTenants.Clear();
        _heldByTenant.Clear();
        foreach (var lane in _lanes.Values)
            _heldByTenant[lane.Tenant] = _heldByTenant.GetValueOrDefault(lane.Tenant) + lane.Held;
        if (_heldByTenant.Count < 2)
            return;
        foreach (var (tenant, held) in _heldByTenant)
        {
            if (held >= options.Concurrency - (options.Concurrency / 4))
                _fullTenants.Add(tenant);
        }
    }

    // Answers how many may be claimed ahead.
    private int FillFreeSlots(int share, int first)
    {
        var now = Now;
        var room = options.Concurrency - _waiting;
        var ahead = 0;
        _noRoom = false;
        _freeSlots.Clear();
        _shareLimits = false;
        foreach (var (id, lane) in _lanes)
        {
            if (lane.IsForgotten(now))
            {
                _forgotten.Add(id);
                continue;
            }

            var limit = lane.Limit(options.EndpointConcurrency, now);
            var free = _fullTenants.Contains(lane.Tenant) ? 0
                : lane.Free(share, lane.HasEarned ? limit : Math.Min(limit, first));
            if (lane.GoesAhead && options.ClaimAhead > 0 && !_fullTenants.Contains(lane.Tenant))
            {
                var wanted = lane.FreeAhead((1 + options.ClaimAhead) * limit);
                _noRoom |= wanted > free && room <= LeastRoom;
                if (room > LeastRoom)
                    free = Math.Max(free, Math.Min(wanted, Half(room)));
                ahead += free;
            }

            lane.IsKeptOut = free == 0;
            _shareLimits |= free == 0 && (share < options.EndpointConcurrency || first < EndpointLane.Few);
            // Those that have been idle for a while are listed only where it tells them from the others.
            if (free != _slotsPerEndpoint && (lane.IsRecent(now) || first < EndpointLane.Few))
                _freeSlots.Add(id, free);
        }

        foreach (var id in _forgotten)
            _lanes.Remove(id);
        _forgotten.Clear();
        return Math.Min(ahead, Math.Max(room, share));
    }

    private static void TakeSlot(Claim claim, double now)
    {
        claim.HoldsSlot = true;
        claim.Begun = now;
        claim.Lane.Begin(now);
    }

    private void Unqueue(Claim claim)
    {
        if (claim.Waiting is not { } place)
            return;
        claim.Lane.Waiting.Remove(place);
        claim.Waiting = null;
        _waiting--;
    }

    // A slot that was freed goes to what has waited for it longest: at this endpoint, or, where the process had none, at those
    // whose turn it is.
    private void PassOn(EndpointLane lane, double now)
    {
        while (lane.Waiting.First?.Value is { } next && lane.Taken < lane.Limit(options.EndpointConcurrency, now))
        {
            if (Sending >= options.Concurrency)
            {
                if (!lane.IsOutOfSlots)
                    _outOfSlots.Enqueue(lane);
                lane.IsOutOfSlots = true;
                return;
            }

            Unqueue(next);
            TakeSlot(next, now);
            if (next.IsReady)
                ThreadPool.UnsafeQueueUserWorkItem(next, preferLocal: true);
        }
    }

    private void FreeSlot(Claim claim, bool? succeeded)
    {
        if (!claim.IsOut)
            return;
        claim.IsOut = false;
        _inFlight--;
        _retriesInFlight -= claim.Lease.IsRetry ? 1 : 0;
        var lane = claim.Lane;
        var now = Now;
        Unqueue(claim);
        if (claim.HoldsSlot)
        {
            claim.HoldsSlot = false;
            lane.End(claim.Begun, now, succeeded);
        }

        // What is given back unsent counted as sent since it was taken out, so its end may be what others wait for.
        while (Sending < options.Concurrency && _outOfSlots.TryDequeue(out var turn))
        {
            turn.IsOutOfSlots = false;
            PassOn(turn, now);
        }

        PassOn(lane, now);

        if (_noSlots || _shareLimits || (_retriesLimit && claim.Lease.IsRetry) || lane.IsWorthClaiming || HasRoomAgain)
            _freed.Writer.TryWrite(true);
        if (_inFlight == 0)
            _idle?.TrySetResult();
    }
}
