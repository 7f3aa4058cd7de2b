using Microsoft.Extensions.Logging;

namespace Hookstream.Storage.Sqlite.Queueing;

internal sealed class SqliteDeliveryQueue(
    DatabaseConnection reader, LaneSet lanes, LeaseTable leases, TimeProvider time, ILogger logger)
    : IDeliveryQueue, IDisposable
{
    // When a lane that could not be read is looked at again, milliseconds.
    private const long FailureInterval = 1_000;

    private readonly SemaphoreSlim _oneClaim = new(1);

    public async Task<IReadOnlyList<Lease>> ClaimAsync(ClaimRequest request, CancellationToken cancellation)
    {
        await _oneClaim.WaitAsync(cancellation);
        try
        {
            return Claim(request);
        }
        finally
        {
            _oneClaim.Release();
        }
    }

    public Task<IReadOnlyList<Lease>> RenewAsync(
        IReadOnlyList<Lease> held, TimeSpan duration, CancellationToken cancellation)
    {
        var expiresAt = time.NowMilliseconds() + (long)duration.TotalMilliseconds;
        return Task.FromResult<IReadOnlyList<Lease>>([.. held.Where(lease => !leases.Renew(lease, expiresAt))]);
    }

    public Task ReleaseAsync(IReadOnlyList<Lease> held, CancellationToken cancellation)
    {
        foreach (var lease in held)
        {
            if (leases.Release(lease) is not { } entry)
                continue;
            lanes.Signal(entry.Lane, entry.Class, entry.Due);
            if (lease.IsProbe)
                lanes.EndProbe(entry.Lane);
        }

        return Task.CompletedTask;
    }

    public Task WaitAsync(CancellationToken cancellation) => lanes.WaitAsync(leases.EarliestExpiry, cancellation);

    public void Dispose()
    {
        _oneClaim.Dispose();
        reader.Dispose();
    }

    private List<Lease> Claim(ClaimRequest request)
    {
        var claimed = new List<Lease>(request.Slots);
        var now = time.NowMilliseconds();
        lock (lanes.Gate)
        {
            leases.BeginClaim(now);
            lanes.BeginClaim(now);
        }

        // Lanes left for a later claim: full, changed while this one read, or not to be read now.
        var passed = new List<(Lane Lane, int Class, long Due)>();
        var used = new Dictionary<SubscriberId, int>();
        var retries = request.RetrySlots;
        try
        {
            while (claimed.Count < request.Slots && Next(request, request.Slots - claimed.Count, retries, now) is { } next)
            {
                var free = Math.Min(
                    Free(request, next.Lane) - used.GetValueOrDefault(next.Lane.Entry.Id), lanes.Allowance(next.Lane, now));
                if (free <= 0)
                {
                    if (next.IsProbe)
                        lanes.EndProbe(next.Lane);
                    passed.Add((next.Lane, next.Class, now));
                    continue;
                }

                var before = claimed.Count;
                var share = Math.Min(Math.Min(next.Share, free), request.Slots - claimed.Count);
                try
                {
                    ClaimFrom(next.Lane, next.Class, share, next.IsProbe, request.LeaseDuration, now, claimed, passed);
                }
                catch (Exception exception)
                {
                    // The lane comes again; what was leased before is handed out, or nobody would know of it until it runs out.
                    passed.Add((next.Lane, next.Class, now + FailureInterval));
                    if (next.IsProbe && claimed.Count == before)
                        lanes.EndProbe(next.Lane);
                    if (claimed.Count == 0)
                        throw;
                    Log.LaneFailed(logger, exception, next.Lane.Entry.Id);
                    break;
                }

                if (next.IsProbe && claimed.Count == before)
                    lanes.EndProbe(next.Lane);
                if (LaneClass.IsRetry(next.Class))
                    retries -= claimed.Count - before;
                if (claimed.Count > before)
                    used[next.Lane.Entry.Id] = used.GetValueOrDefault(next.Lane.Entry.Id) + claimed.Count - before;
            }
        }
        finally
        {
            lock (lanes.Gate)
            {
                leases.EndClaim();
                lanes.EndClaim();
                foreach (var (lane, laneClass, due) in passed)
                    lanes.PutBack(lane, laneClass, due, now);
            }
        }

        return claimed;
    }

    private (Lane Lane, int Class, int Share, bool IsProbe)? Next(ClaimRequest request, int slots, int retries, long now)
    {
        lock (lanes.Gate)
            return lanes.Next(slots, now, request.FullTenants, retries);
    }

    private static int Free(ClaimRequest request, Lane lane) =>
        request.FreeSlots.TryGetValue(lane.Entry.Id, out var free)
            ? free
            : Math.Min(request.SlotsPerEndpoint, lane.Entry.Subscriber.Settings.MaxInFlight ?? int.MaxValue);

    private void ClaimFrom(
        Lane lane,
        int laneClass,
        int share,
        bool isProbe,
        TimeSpan duration,
        long now,
        List<Lease> claimed,
        List<(Lane Lane, int Class, long Due)> passed)
    {
        // A read of its own for each lane, begun after the lane was taken out of its round: what is committed later signals
        // the lane again.
        var position = PositionOf(lane, laneClass);
        var rows = LaneRows.From(reader, lane, laneClass, position);
        var taken = 0;
        var readAgain = false;
        var nextDue = Lane.Never;
        try
        {
            while (rows.Step())
            {
                var row = LaneRows.Current(rows);
                if (row.Due > now || taken == share)
                {
                    nextDue = row.Due;
                    break;
                }

                if (Take(lane, laneClass, row, isProbe, duration, now, ref readAgain) is { } lease)
                {
                    claimed.Add(lease);
                    taken++;
                }

                if (!readAgain)
                    position = new LanePosition(row.Due, row.Id.Value);
            }
        }
        finally
        {
            rows.Reset();
        }

        lock (lanes.Gate)
        {
            lane.Advance(laneClass, position);
            if (!readAgain && nextDue != Lane.Never)
                lanes.PutBack(lane, laneClass, nextDue, now);
        }

        if (readAgain)
            passed.Add((lane, laneClass, now));
    }

    private LanePosition PositionOf(Lane lane, int laneClass)
    {
        lock (lanes.Gate)
            return lane.Position[laneClass];
    }

    // The gate is looked at under the lock under which it is published: after a pause has been answered, nothing passes.
    private Lease? Take(Lane lane, int laneClass, LaneRow row, bool isProbe, TimeSpan duration, long now, ref bool readAgain)
    {
        lock (lanes.Gate)
        {
            var look = leases.Look(row.Id, now);
            var open = lane.Entry.IsOpen(time.GetUtcNow()) && lane.Entry.Subscriber.Gate.Circuit.IsOpen == isProbe;
            readAgain |= look == Claimability.ReadAgain || !open;
            if (look != Claimability.Free || !open)
                return null;
            var subscriber = lane.Entry.Subscriber;
            lane.Spend(now);
            var lease = new Lease(
                row.Id,
                subscriber.Tenant,
                subscriber.Id,
                row.Version,
                leases.NextToken(),
                IsProbe: isProbe,
                IsRetry: LaneClass.IsRetry(laneClass));
            leases.Grant(new LeaseEntry
            {
                Lease = lease,
                Lane = lane,
                Class = laneClass,
                Due = row.Due,
                Event = row.Event,
                AttemptCount = row.AttemptCount,
                Failures = row.Failures,
                Trigger = isProbe ? AttemptTrigger.Probe : row.Trigger,
                WaitingSince = row.WaitingSince,
                ExpiresAt = now + (long)duration.TotalMilliseconds,
            });
            return lease;
        }
    }
}
