using Hookstream.Core.Circuits;
using Hookstream.Core.Rates;
using Hookstream.Storage.Postgres.Circuits;
using Hookstream.Storage.Postgres.Rates;
using Hookstream.Storage.Postgres.Writing;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace Hookstream.Storage.Postgres.Queueing;

/// <summary>
/// The store as the queue. Which lanes may have something due is remembered in memory and refreshed now and then; what is
/// due is claimed in PostgreSQL, from several lanes in one round trip.
/// </summary>
internal sealed class PostgresDeliveryQueue(
    Sessions sessions,
    SubscriberCatalog subscribers,
    ICatalogRefresh catalog,
    LaneSet lanes,
    INotifier notifier,
    ClaimedRows claimedRows,
    TimeSpan leaseGrace,
    StoreClock clock,
    ILogger logger) : IDeliveryQueue, IDisposable
{
    // Lanes in one round trip, and round trips in one claim.
    private const int MaxLanes = 256;
    private const int MaxRounds = 16;

    // What is not signalled (lost notifications, leases that have run out) is found by looking; seldom where looking is slow.
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(1);
    private const int RefreshShare = 20;

    // How soon a node looks again at a circuit that another one is probing, milliseconds.
    private const long ProbeInterval = 1_000;

    private readonly SemaphoreSlim _oneClaim = new(1);
    private long? _refreshedAt;
    private TimeSpan _refreshAfter = RefreshInterval;

    public async Task<IReadOnlyList<Lease>> ClaimAsync(ClaimRequest request, CancellationToken cancellation)
    {
        await _oneClaim.WaitAsync(cancellation);
        try
        {
            await RefreshAsync(cancellation);
            return await ClaimFromLanesAsync(request, cancellation);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested && PostgresFailure.IsAway(exception))
        {
            throw PostgresFailure.ToUnavailable(exception);
        }
        finally
        {
            _oneClaim.Release();
        }
    }

    public async Task<IReadOnlyList<Lease>> RenewAsync(
        IReadOnlyList<Lease> held, TimeSpan duration, CancellationToken cancellation)
    {
        var kept = await RunAsync(
            batch => batch.AddLeases(ClaimStatements.Renew, held).Bind(NpgsqlDbType.Interval, duration).BindNow(clock),
            row => row.GetGuid(0),
            cancellation);
        var still = kept.ToHashSet();
        return [.. held.Where(lease => !still.Contains(lease.Delivery.Value))];
    }

    public async Task ReleaseAsync(IReadOnlyList<Lease> held, CancellationToken cancellation)
    {
        foreach (var lease in held)
            claimedRows.Forget(lease);
        await EndProbesAsync([.. held.Where(lease => lease.IsProbe).Select(lease => lease.Subscriber)], cancellation);
        var released = await RunAsync(
            batch => batch.AddLeases(ClaimStatements.Release, held),
            row => (Subscriber: row.GetInt64(0), Class: (int)row.GetInt16(1), Due: row.Time(2)),
            cancellation);
        foreach (var (subscriber, laneClass, due) in released)
        {
            if (subscribers.TryGet(subscriber, out var entry))
                lanes.Signal(entry.Lane, laneClass, due.ToUnixTimeMilliseconds());
            notifier.LaneDue(subscriber, laneClass, due.ToUnixTimeMilliseconds());
        }
    }

    private async Task EndProbesAsync(IReadOnlyList<SubscriberId> endpoints, CancellationToken cancellation)
    {
        if (endpoints.Count == 0)
            return;
        await RunAsync(
            batch => batch.Add(CircuitStatements.EndProbes).BindArray(NpgsqlDbType.Uuid, endpoints, id => id.Value),
            row => row.GetGuid(0),
            cancellation);
        foreach (var id in endpoints)
        {
            if (subscribers.TryGet(id, out var entry))
                lanes.EndProbe(entry.Lane);
        }
    }

    public Task WaitAsync(CancellationToken cancellation) => lanes.WaitAsync(Lane.Never, cancellation);

    public void Dispose() => _oneClaim.Dispose();

    private async Task<List<T>> RunAsync<T>(
        Action<NpgsqlBatch> build, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        try
        {
            await using var connection = await sessions.Hot.OpenConnectionAsync(cancellation);
            await using var batch = new NpgsqlBatch(connection);
            build(batch);
            return await batch.ReadAllAsync(read, cancellation);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested && PostgresFailure.IsAway(exception))
        {
            throw PostgresFailure.ToUnavailable(exception);
        }
    }

    private async Task RefreshAsync(CancellationToken cancellation)
    {
        if (_refreshedAt is { } at && clock.GetElapsedTime(at) < _refreshAfter)
            return;
        var started = clock.GetTimestamp();
        var waiting = await RunAsync(
            batch => batch.Add(ClaimStatements.Waiting),
            row => (Subscriber: row.GetInt64(0), Class: (int)row.GetInt16(1), Due: row.Time(2)),
            cancellation);
        foreach (var (subscriber, laneClass, due) in waiting)
        {
            if (subscribers.TryGet(subscriber, out var entry))
                lanes.Signal(entry.Lane, laneClass, due.ToUnixTimeMilliseconds());
        }

        _refreshedAt = clock.GetTimestamp();
        var slow = clock.GetElapsedTime(started) * RefreshShare;
        _refreshAfter = slow > RefreshInterval ? slow : RefreshInterval;
    }

    private async Task<List<Lease>> ClaimFromLanesAsync(ClaimRequest request, CancellationToken cancellation)
    {
        var claimed = new List<Lease>(request.Slots);
        var used = new Dictionary<SubscriberId, int>();
        var retries = request.RetrySlots;
        var now = clock.NowMilliseconds();
        // Lanes left for a later claim: those that are full.
        var passed = new List<(Lane Lane, int Class)>();
        lock (lanes.Gate)
            lanes.BeginClaim(now);
        try
        {
            for (var round = 0; round < MaxRounds && claimed.Count < request.Slots; round++)
            {
                var turns = TakeTurns(request, request.Slots - claimed.Count, retries, used, passed, now);
                if (turns.Count == 0)
                    break;
                foreach (var probe in turns.Where(turn => turn.IsProbe))
                    await ProbeAsync(probe, request.LeaseDuration, claimed, now, cancellation);
                turns.RemoveAll(turn => turn.IsProbe && turn.Claimed == 0);
                foreach (var alike in turns.Where(turn => !turn.IsProbe).GroupBy(turn => turn.IsLimited))
                    await ClaimAsync([.. alike], request.LeaseDuration, claimed, now, cancellation);
                foreach (var turn in turns)
                {
                    used[turn.Lane.Entry.Id] = used.GetValueOrDefault(turn.Lane.Entry.Id) + turn.Claimed;
                    retries -= LaneClass.IsRetry(turn.Class) ? turn.Claimed : 0;
                }
            }
        }
        catch (Exception exception) when (claimed.Count > 0 && !cancellation.IsCancellationRequested)
        {
            // What was leased before is handed out, or nobody would know of it until it runs out.
            Log.ClaimCutShort(logger, exception, claimed.Count);
        }
        finally
        {
            lock (lanes.Gate)
            {
                passed.ForEach(left => lanes.PutBack(left.Lane, left.Class, now, now));
                lanes.EndClaim();
            }
        }

        return claimed;
    }

    // Lanes in turn, as many as may give what is wanted.
    private List<LaneTurn> TakeTurns(
        ClaimRequest request,
        int slots,
        int retries,
        Dictionary<SubscriberId, int> used,
        List<(Lane Lane, int Class)> passed,
        long now)
    {
        var turns = new List<LaneTurn>();
        var planned = new Dictionary<SubscriberId, int>();
        // A bucket is for one lane at a time.
        var later = new List<(Lane Lane, int Class)>();
        lock (lanes.Gate)
        {
            while (slots > 0 && turns.Count < MaxLanes && lanes.Next(slots, now, request.FullTenants, retries) is { } next)
            {
                var id = next.Lane.Entry.Id;
                if (next.Lane.Rate is not null && planned.ContainsKey(id))
                {
                    later.Add((next.Lane, next.Class));
                    continue;
                }

                var free = Free(request, next.Lane) - used.GetValueOrDefault(id) - planned.GetValueOrDefault(id);
                if (free <= 0)
                {
                    if (next.IsProbe)
                        lanes.EndProbe(next.Lane);
                    passed.Add((next.Lane, next.Class));
                    continue;
                }

                var share = Math.Min(Math.Min(next.Share, free), slots);
                turns.Add(new LaneTurn(next.Lane, next.Class, share, next.Lane.Position[next.Class], next.IsProbe));
                planned[id] = planned.GetValueOrDefault(id) + share;
                slots -= share;
                retries -= LaneClass.IsRetry(next.Class) ? share : 0;
            }

            later.ForEach(left => lanes.PutBack(left.Lane, left.Class, now, now));
        }

        return turns;
    }

    private static int Free(ClaimRequest request, Lane lane) =>
        request.FreeSlots.TryGetValue(lane.Entry.Id, out var free)
            ? free
            : Math.Min(request.SlotsPerEndpoint, lane.Entry.Subscriber.Settings.MaxInFlight ?? int.MaxValue);

    // Seldom, so it may take a round trip more: only who has leased the probe claims it.
    private async Task ProbeAsync(
        LaneTurn turn, TimeSpan duration, List<Lease> claimed, long now, CancellationToken cancellation)
    {
        var entry = turn.Lane.Entry;
        List<long>? leased = null;
        try
        {
            leased = await RunAsync(
                batch => batch.Add(CircuitStatements.LeaseProbe)
                    .Bind(NpgsqlDbType.Bigint, entry.No)
                    .BindNow(clock)
                    .Bind(NpgsqlDbType.Interval, EndpointCircuit.ProbeLease),
                row => row.GetInt64(0),
                cancellation);
        }
        finally
        {
            // Not known: the store says at the next claim, instead of nobody asking for as long as a probe may take.
            if (leased is null)
                lanes.EndProbe(turn.Lane);
        }

        if (leased.Count == 0)
        {
            // Another node probes, or the circuit has closed.
            lock (lanes.Gate)
            {
                turn.Lane.ProbeUntil = now + ProbeInterval;
                lanes.PutBack(turn.Lane, turn.Class, now, now);
            }

            await catalog.EnsureCurrentAsync(entry.TenantNo, cancellation);
            return;
        }

        try
        {
            await ClaimAsync([turn], duration, claimed, now, cancellation);
        }
        finally
        {
            if (turn.Claimed == 0)
                await EndProbesAsync([entry.Id], cancellation);
        }
    }

    private async Task ClaimAsync(
        List<LaneTurn> turns, TimeSpan duration, List<Lease> claimed, long now, CancellationToken cancellation)
    {
        var answered = false;
        try
        {
            await using var connection = await sessions.Hot.OpenConnectionAsync(cancellation);
            await using var batch = new NpgsqlBatch(connection);
            batch.Add(ClaimGate.Share);
            var limited = turns[0].IsLimited;
            if (limited)
            {
                batch.Add(RateStatements.Make).BindArray(NpgsqlDbType.Bigint, turns, turn => turn.Lane.Entry.No).BindNow(clock);
                batch.Add(RateStatements.Lock).BindArray(NpgsqlDbType.Bigint, turns, turn => turn.Lane.Entry.No);
            }

            batch.Add(limited ? ClaimStatements.ClaimLimited : ClaimStatements.Claim)
                .BindArray(NpgsqlDbType.Bigint, turns, turn => turn.Lane.Entry.No)
                .BindArray(NpgsqlDbType.Smallint, turns, turn => (short)turn.Class)
                .BindArray(NpgsqlDbType.Integer, turns, turn => turn.Share)
                .Bind(NpgsqlDbType.Interval, duration)
                .BindNow(clock)
                .Bind(NpgsqlDbType.Interval, leaseGrace)
                .BindArray(NpgsqlDbType.TimestampTz, turns, turn => turn.Position.DueTime)
                .BindArray(NpgsqlDbType.Uuid, turns, turn => turn.Position.Id)
                .Bind(NpgsqlDbType.Boolean, turns[0].IsProbe);
            batch.Add(limited ? ClaimStatements.NextLimited : ClaimStatements.Next)
                .BindArray(NpgsqlDbType.Bigint, turns, turn => turn.Lane.Entry.No)
                .BindArray(NpgsqlDbType.Smallint, turns, turn => (short)turn.Class)
                .BindNow(clock);
            var gates = new List<LaneGate>();
            List<ClaimedRow> claims;
            // Read to its end: what is leased is handed out. The command's timeout bounds it.
            await using (var rows = await batch.ExecuteReaderAsync(CancellationToken.None))
            {
                await rows.NextResultAsync(CancellationToken.None);
                if (limited)
                    await rows.NextResultAsync(CancellationToken.None);
                claims = await rows.ReadAllAsync(ClaimedRow.Read);
                await rows.NextResultAsync(CancellationToken.None);
                while (await rows.ReadAsync(CancellationToken.None))
                    gates.Add(LaneGate.Read(rows));
            }

            answered = true;
            Enter(claims, turns, claimed);
            // Whose gate was shut by another node, a moment ago: with that known here the lane is left alone.
            for (var i = 0; i < turns.Count; i++)
            {
                var entry = turns[i].Lane.Entry;
                if ((!gates[i].Open && entry.IsOpen(clock.GetUtcNow())) || gates[i].CircuitEpoch > entry.Subscriber.Gate.Circuit.Epoch)
                    await catalog.EnsureCurrentAsync(turns[i].Lane.Entry.TenantNo, cancellation);
            }

            PutBack(turns, gates, now);
        }
        finally
        {
            if (!answered)
            {
                lock (lanes.Gate)
                    turns.ForEach(turn => lanes.PutBack(turn.Lane, turn.Class, now, now));
            }
        }
    }

    private void Enter(List<ClaimedRow> claims, List<LaneTurn> turns, List<Lease> claimed)
    {
        var byLane = turns.ToDictionary(turn => (turn.Lane.Entry.No, turn.Class));
        foreach (var row in claims)
        {
            var turn = byLane[(row.SubscriberNo, row.Class)];
            turn.Claimed++;
            turn.Position = new LanePosition(row.Due.ToUnixTimeMilliseconds(), row.Id.Value);
            var subscriber = turn.Lane.Entry.Subscriber;
            claimedRows.Add(row);
            claimed.Add(new Lease(
                row.Id,
                subscriber.Tenant,
                subscriber.Id,
                row.Version,
                Token: 0,
                IsProbe: turn.IsProbe,
                IsRetry: LaneClass.IsRetry(turn.Class)));
        }
    }

    private void PutBack(
        List<LaneTurn> turns, List<LaneGate> gates, long now)
    {
        lock (lanes.Gate)
        {
            for (var i = 0; i < turns.Count; i++)
            {
                var (lane, laneClass) = (turns[i].Lane, turns[i].Class);
                var (open, blockedUntil, nextDue, _, readyAt) = gates[i];
                lane.Advance(laneClass, turns[i].Position);
                lane.StarvedUntil = readyAt is { } ready ? Math.Max(RoundedUp(ready), now + RateBucket.Pause) : 0;
                if (!open)
                    lanes.PutBack(lane, laneClass, now, now);
                else if (blockedUntil > clock.Now() && !turns[i].IsProbe)
                    lanes.PutBack(lane, laneClass, blockedUntil.Value.ToUnixTimeMilliseconds(), now);
                else if (turns[i].Claimed == turns[i].Share || readyAt is not null)
                    lanes.PutBack(lane, laneClass, now, now);
                else if (nextDue is { } due)
                    lanes.PutBack(lane, laneClass, due.ToUnixTimeMilliseconds(), now);
            }
        }
    }

    private static long RoundedUp(DateTimeOffset time) =>
        (time + TimeSpan.FromTicks(TimeSpan.TicksPerMillisecond - 1)).ToUnixTimeMilliseconds();
}
