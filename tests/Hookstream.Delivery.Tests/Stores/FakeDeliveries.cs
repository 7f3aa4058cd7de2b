using Hookstream.Core.Diagnoses;
using Hookstream.Core.Paging;

namespace Hookstream.Delivery.Tests.Stores;

/// <summary>Queue and store of deliveries in memory: due ones per endpoint, claimed in turn, settled once.</summary>
internal sealed class FakeDeliveries : IDeliveryQueue, IDeliveryStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<SubscriberId, Queue<DeliveryWork>> _due = [];
    private readonly Dictionary<SubscriberId, EndpointSnapshot> _endpoints = [];
    private readonly Dictionary<DeliveryId, DeliveryWork> _leased = [];
    private TaskCompletionSource _wake = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public List<Settlement> Settled { get; } = [];

    public List<Lease> Released { get; } = [];

    public List<Lease> Renewed { get; } = [];

    public int Claims { get; private set; }

    public int SettleCalls { get; private set; }

    public int LeasedCount
    {
        get
        {
            lock (_lock)
                return _leased.Count;
        }
    }

    public int DueCount
    {
        get
        {
            lock (_lock)
                return _due.Values.Sum(lane => lane.Count);
        }
    }

    public Func<Exception?> ClaimFails { get; set; } = () => null;

    public Func<Exception?> LoadFails { get; set; } = () => null;

    public Func<Exception?> ReleaseFails { get; set; } = () => null;

    public Func<IReadOnlyList<Settlement>, Exception?> SettleFails { get; set; } = _ => null;

    /// <summary>The one whose outcomes are left out.</summary>
    public Lease? Unrecordable { get; set; }

    /// <summary>The endpoint as it is now; null: shut. Unset: as it was added.</summary>
    public Func<SubscriberId, EndpointSnapshot?>? FindsOpen { get; set; }

    public Func<Lease, bool> IsGone { get; set; } = _ => false;

    public Func<Lease, bool> IsLost { get; set; } = _ => false;

    /// <summary>Runs before a claim looks at what is due.</summary>
    public Func<ClaimRequest, Task> Claiming { get; set; } = _ => Task.CompletedTask;

    /// <summary>False: a wait ends when something is added, and not after a while.</summary>
    public bool Polls { get; init; } = true;

    public bool KeepsSettlements { get; init; } = true;

    public int SettledCount { get; private set; }

    public void Add(DeliveryWork work)
    {
        lock (_lock)
        {
            if (!_due.TryGetValue(work.Lease.Subscriber, out var lane))
                _due.Add(work.Lease.Subscriber, lane = new Queue<DeliveryWork>());
            lane.Enqueue(work);
            _endpoints[work.Lease.Subscriber] = work.Endpoint;
            _wake.TrySetResult();
        }
    }

    public Settlement[] SettledSoFar()
    {
        lock (_lock)
            return [.. Settled];
    }

    public EndpointSnapshot? FindOpen(TenantId tenant, SubscriberId subscriber)
    {
        if (FindsOpen is { } finds)
            return finds(subscriber);
        lock (_lock)
            return _endpoints.GetValueOrDefault(subscriber);
    }

    public async Task<IReadOnlyList<Lease>> ClaimAsync(ClaimRequest request, CancellationToken cancellation)
    {
        if (ClaimFails() is { } exception)
            throw exception;
        await Claiming(request);
        var leases = new List<Lease>();
        lock (_lock)
        {
            Claims++;
            if (_wake.Task.IsCompleted)
                _wake = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var free = _due.Keys.ToDictionary(
                id => id, id => request.FreeSlots.TryGetValue(id, out var slots) ? slots : request.SlotsPerEndpoint);
            var progress = true;
            while (progress && leases.Count < request.Slots)
            {
                progress = false;
                foreach (var (id, lane) in _due)
                {
                    if (leases.Count == request.Slots || free[id] == 0 || !lane.TryDequeue(out var work))
                        continue;
                    free[id]--;
                    _leased.Add(work.Lease.Delivery, work);
                    leases.Add(work.Lease);
                    progress = true;
                }
            }
        }

        return leases;
    }

    public Task<IReadOnlyList<DeliveryWork>> LoadAsync(IReadOnlyList<Lease> leases, CancellationToken cancellation)
    {
        if (LoadFails() is { } exception)
            throw exception;
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<DeliveryWork>>(
                [.. leases.Where(lease => !IsGone(lease)).Select(lease => _leased[lease.Delivery])]);
        }
    }

    public Task<IReadOnlyList<int>> SettleAsync(IReadOnlyList<Settlement> settlements, CancellationToken cancellation)
    {
        lock (_lock)
        {
            SettleCalls++;
            if (SettleFails(settlements) is { } exception)
                throw exception;
            var recorded = settlements.Where(settlement => settlement.Lease != Unrecordable).ToList();
            SettledCount += recorded.Count;
            if (KeepsSettlements)
                Settled.AddRange(recorded);
            foreach (var settlement in recorded)
                _leased.Remove(settlement.Lease.Delivery);
            return Task.FromResult<IReadOnlyList<int>>(
                [.. Enumerable.Range(0, settlements.Count).Where(place => settlements[place].Lease == Unrecordable)]);
        }
    }

    public Task<IReadOnlyList<Lease>> RenewAsync(
        IReadOnlyList<Lease> leases, TimeSpan duration, CancellationToken cancellation)
    {
        lock (_lock)
        {
            Renewed.AddRange(leases);
            return Task.FromResult<IReadOnlyList<Lease>>([.. leases.Where(IsLost)]);
        }
    }

    public Task ReleaseAsync(IReadOnlyList<Lease> leases, CancellationToken cancellation)
    {
        if (ReleaseFails() is { } exception)
            throw exception;
        lock (_lock)
        {
            Released.AddRange(leases);
            foreach (var lease in leases)
            {
                if (_leased.Remove(lease.Delivery, out var work) && !IsGone(lease))
                    _due[lease.Subscriber].Enqueue(work);
            }
        }

        return Task.CompletedTask;
    }

    public async Task WaitAsync(CancellationToken cancellation)
    {
        Task wake;
        lock (_lock)
            wake = _wake.Task;
        await Task.WhenAny(wake, Task.Delay(Polls ? 1000 : Timeout.Infinite, cancellation));
        cancellation.ThrowIfCancellationRequested();
    }

    public Task<DeliveryDetail?> FindAsync(TenantId tenant, DeliveryId id, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<DeliveryDetail>> OfEventAsync(TenantId tenant, EventId id, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task<Page<Core.Deliveries.Delivery>> ListAsync(
        TenantId tenant, DeliveryQuery query, PageRequest page, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task<RecentFailures> FindFailuresAsync(
        TenantId tenant, SubscriberId subscriber, int limit, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task<DeliveryOutcome> ReplayAsync(TenantId tenant, DeliveryId id, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task<DeliveryOutcome> CancelAsync(TenantId tenant, DeliveryId id, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task<long> ReplayAllAsync(TenantId tenant, DeliveryQuery query, bool dryRun, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task<Core.Recoveries.RecoveryResult> RecoverAsync(
        TenantId tenant, SubscriberId subscriber, Core.Recoveries.RecoveryWindow window, CancellationToken cancellation) =>
        throw new NotSupportedException();
}
