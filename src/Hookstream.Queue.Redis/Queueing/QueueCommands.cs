using System.Buffers.Binary;
using System.Globalization;
using Hookstream.Core.Circuits;
using StackExchange.Redis;

namespace Hookstream.Queue.Redis.Queueing;

/// <summary>
/// The scripts as methods. Times enter as durations: what is due in a minute by the store's clock is due in a minute by
/// Redis's, however far the two are apart. What a message takes to arrive, a delivery is late.
/// </summary>
internal sealed class QueueCommands(RedisLink link, RedisQueueOptions options, TimeProvider time)
{
    // So that no call keeps Redis from others for long.
    private const int MaxItems = 500;
    private const int LeaseSize = 16 + (2 * sizeof(double));
    private const int QueuedSize = (3 * 16) + 1 + (2 * sizeof(double));
    private const int HoldSize = (2 * 16) + 1 + (4 * sizeof(double));

    private const byte OpenGate = 0;
    private const byte ShutGate = 1;
    private const byte ProbedGate = 2;

    private readonly RedisValue _bound = Bounds(options);

    private TimeProvider? _clock;

    /// <summary>The store's clock, by which due times are stated.</summary>
    public TimeProvider Clock
    {
        get => _clock ?? time;
        set => _clock = value;
    }

    // Empty: Redis's own clock decides.
    private RedisValue Now => options.ProcessClock ? time.GetUtcNow().ToUnixTimeMilliseconds() : "";

    /// <summary>Claims; null when Redis is not at that epoch.</summary>
    public async Task<ClaimReply?> ClaimAsync(ClaimRequest request, string epoch)
    {
        var free = new ItemWriter(request.FreeSlots.Count, 16 + sizeof(int));
        foreach (var (subscriber, slots) in request.FreeSlots)
            free.Id(subscriber.Value).Int32(slots);
        var full = new ItemWriter(request.FullTenants.Count, 16);
        foreach (var tenant in request.FullTenants)
            full.Id(tenant.Value);
        var result = await link.EvaluateKnownAsync(
            QueueScript.Claim,
            Now,
            _bound,
            epoch,
            request.Slots,
            request.SlotsPerEndpoint,
            Milliseconds(request.LeaseDuration),
            free.ToValue(),
            Milliseconds(EndpointCircuit.ProbeLease),
            full.ToValue(),
            Math.Min(request.Slots, request.RetrySlots)).ConfigureAwait(false);
        return result is null ? null : ClaimReply.Parse(result);
    }

    /// <summary>Enters what waits.</summary>
    /// <returns>How many of it Redis did not have, or had older.</returns>
    public async Task<long> EnqueueAsync(IReadOnlyList<QueuedDelivery> deliveries, ReadFrom read = ReadFrom.Nothing)
    {
        var entered = 0L;
        await InPartsAsync(deliveries, async part => entered += (long)await link.EvaluateAsync(
            QueueScript.Enqueue,
            Now,
            _bound,
            Queued(part),
            read switch { ReadFrom.Lane => "refill", ReadFrom.Store => "restamp", _ => "" }).ConfigureAwait(false)).ConfigureAwait(false);
        return entered;
    }

    public async Task SettledAsync(IReadOnlyList<Lease> leases, IReadOnlyList<QueuedDelivery> again)
    {
        // In as few calls as fit; what waits again may come later than the end of its lease, but not earlier.
        for (var i = 0; i < Math.Max(leases.Count, again.Count); i += MaxItems)
        {
            await link.EvaluateAsync(
                QueueScript.Settle, Now, _bound, Leases(Part(leases, i)), Queued(Part(again, i))).ConfigureAwait(false);
        }
    }

    /// <summary>Gives leases back.</summary>
    /// <returns>What was given back before already, without any outcome in between.</returns>
    public async Task<IReadOnlyList<DeliveryId>> ReleaseAsync(IReadOnlyList<Lease> leases)
    {
        var again = new List<DeliveryId>();
        await InPartsAsync(leases, async part =>
        {
            var result = await link.EvaluateAsync(
                QueueScript.Release, Now, _bound, Leases(part), Probes(part)).ConfigureAwait(false);
            foreach (var id in (RedisResult[])result!)
                again.Add(new DeliveryId(new Guid((byte[])id!, bigEndian: true)));
        }).ConfigureAwait(false);
        return again;
    }

    /// <summary>Lengthens leases; answers those that are lost.</summary>
    public Task<IReadOnlyList<Lease>> RenewAsync(IReadOnlyList<Lease> leases, TimeSpan duration) =>
        LostAsync(leases, part =>
            link.EvaluateAsync(QueueScript.Renew, Now, _bound, Leases(part), Milliseconds(duration)));

    public Task<IReadOnlyList<Lease>> FindLostAsync(IReadOnlyList<Lease> leases) =>
        LostAsync(leases, part => link.EvaluateAsync(QueueScript.Lost, Now, _bound, Leases(part)));

    /// <summary>Removes deliveries unless a newer version than this is known.</summary>
    public Task RemoveAsync(IReadOnlyList<(DeliveryId Id, double Version)> deliveries) =>
        InPartsAsync(deliveries, part =>
        {
            var items = new ItemWriter(part.Count, 16 + sizeof(double));
            foreach (var (id, version) in part)
                items.Id(id.Value).Number(version);
            return link.EvaluateAsync(QueueScript.Remove, Now, _bound, items.ToValue());
        });

    /// <summary>Locks deliveries.</summary>
    /// <returns>The token of the locks, and the positions of what was not locked.</returns>
    public async Task<(double Token, int[] Busy)> LockAsync(IReadOnlyList<DeliveryId> deliveries, TimeSpan duration)
    {
        var items = new ItemWriter(deliveries.Count, 16);
        foreach (var id in deliveries)
            items.Id(id.Value);
        var result = await link.EvaluateAsync(
            QueueScript.Lock, Now, _bound, items.ToValue(), Milliseconds(duration)).ConfigureAwait(false);
        return (BinaryPrimitives.ReadDoubleLittleEndian((byte[])result[0]!), (int[])result[1]!);
    }

    public Task UnlockAsync(IReadOnlyList<(DeliveryId Id, double Token)> locks) =>
        InPartsAsync(locks, part =>
        {
            var items = new ItemWriter(part.Count, 16 + sizeof(double));
            foreach (var (id, token) in part)
                items.Id(id.Value).Number(token);
            return link.EvaluateAsync(QueueScript.Unlock, Now, _bound, items.ToValue());
        });

    public Task HoldAsync(IReadOnlyList<EndpointHold> holds) =>
        InPartsAsync(holds, part =>
        {
            var now = Clock.GetUtcNow().ToUnixTimeMilliseconds();
            var items = new ItemWriter(part.Count, HoldSize);
            foreach (var hold in part)
            {
                items.Id(hold.Tenant.Value).Id(hold.Subscriber.Value).Byte(hold.Shut ? ShutGate : hold.OneAtATime ? ProbedGate : OpenGate)
                    .Number(hold.BlockedUntil is { } until ? Math.Max(0, until.ToUnixTimeMilliseconds() - now) : -1)
                    .Number(hold.MaxInFlight ?? 0)
                    .Number(hold.Version)
                    .Number(hold.RatePerSecond ?? 0);
            }

            return link.EvaluateAsync(QueueScript.Hold, Now, _bound, items.ToValue());
        });

    /// <summary>
    /// A lane is about to be read from the store: from where, and how much of it is wanted. Null: it holds everything already.
    /// </summary>
    public async Task<(LanePosition After, int Limit)?> BeginTopUpAsync(LaneName lane)
    {
        var result = await link.EvaluateAsync(QueueScript.TopUp, Now, _bound, lane.Bytes, "begin").ConfigureAwait(false);
        var limit = (int)result[0];
        return limit == 0 ? null : (ReadPosition((byte[])result[1]!), limit);
    }

    /// <summary>A lane has been read, up to there; null: to its end.</summary>
    public Task EndTopUpAsync(LaneName lane, LanePosition? end) =>
        link.EvaluateAsync(
            QueueScript.TopUp,
            Now,
            _bound,
            lane.Bytes,
            end is { } last
                ? (last.Due - Clock.GetUtcNow().ToUnixTimeMilliseconds()).ToString(CultureInfo.InvariantCulture)
                : "",
            end is { } position ? Position(position) : "");

    /// <summary>Becomes or stays the one that sweeps; false when it is another.</summary>
    public async Task<bool> LeadAsync(Guid owner, TimeSpan duration) =>
        (long)await link.EvaluateAsync(
            QueueScript.Lead, Now, _bound, owner.ToString("N"), Milliseconds(duration)).ConfigureAwait(false) == 1;

    /// <summary>Says that this process is there.</summary>
    /// <returns>How long ago the earliest began that those have left who are gone; null: nobody is gone.</returns>
    public async Task<TimeSpan?> SayAliveAsync(Guid node, TimeSpan? pending, TimeSpan goneAfter)
    {
        var ago = (long)await link.EvaluateAsync(
            QueueScript.Alive,
            Now,
            _bound,
            node.ToString("N"),
            pending is { } began ? Milliseconds(began) : "",
            Milliseconds(goneAfter)).ConfigureAwait(false);
        return ago < 0 ? null : TimeSpan.FromMilliseconds(ago);
    }

    /// <summary>Asks the one that sweeps for a pass over the store.</summary>
    public Task AskForPassAsync() =>
        link.CallAsync(database => database.StringSetAsync(link.Prefix + "asked", Guid.NewGuid().ToString("N")));

    /// <summary>What the one that sweeps was asked last; null: nothing since it answered.</summary>
    public async Task<string?> ReadAskedPassAsync()
    {
        var values = await link.CallAsync(database =>
            database.StringGetAsync([link.Prefix + "asked", link.Prefix + "answered"])).ConfigureAwait(false);
        return values[0] == values[1] ? null : (string?)values[0];
    }

    /// <summary>Says that there was a pass since that was asked.</summary>
    public Task AnswerPassAsync(string asked) =>
        link.CallAsync(database => database.StringSetAsync(link.Prefix + "answered", asked));

    public async Task<string?> ReadEpochAsync() =>
        await link.CallAsync(database => database.StringGetAsync(link.Prefix + "epoch")).ConfigureAwait(false);

    public Task SetEpochAsync(string epoch) =>
        link.EvaluateAsync(QueueScript.Epoch, Now, _bound, epoch, Milliseconds(options.LeaseGrace));

    public async Task<long> NextGenerationAsync() =>
        (long)await link.EvaluateAsync(QueueScript.Generation, Now, _bound).ConfigureAwait(false);

    /// <summary>Takes out a part of what a pass has not seen.</summary>
    /// <returns>Where to go on, and how many went.</returns>
    public async Task<(string Cursor, long Removed)> PurgeAsync(string cursor, long generation)
    {
        var result = await link.EvaluateAsync(QueueScript.Purge, Now, _bound, cursor, generation).ConfigureAwait(false);
        return ((string)result[0]!, (long)result[1]);
    }

    private static async Task InPartsAsync<T>(IReadOnlyList<T> all, Func<IReadOnlyList<T>, Task> call)
    {
        for (var i = 0; i < all.Count; i += MaxItems)
            await call(Part(all, i)).ConfigureAwait(false);
    }

    private static async Task<IReadOnlyList<Lease>> LostAsync(
        IReadOnlyList<Lease> leases, Func<IReadOnlyList<Lease>, Task<RedisResult>> call)
    {
        var lost = new List<Lease>();
        await InPartsAsync(leases, async part =>
        {
            foreach (var position in (int[])(await call(part).ConfigureAwait(false))!)
                lost.Add(part[position]);
        }).ConfigureAwait(false);
        return lost;
    }

    private static IReadOnlyList<T> Part<T>(IReadOnlyList<T> all, int from) =>
        from == 0 && all.Count <= MaxItems ? all : [.. all.Skip(from).Take(MaxItems)];

    private static RedisValue Bounds(RedisQueueOptions options) =>
        new ItemWriter(1, 3 * sizeof(int)).Int32(options.LaneBound).Int32(options.CrowdedLaneBound).Int32(options.Crowd).ToValue();

    private static RedisValue Milliseconds(TimeSpan duration) => (long)duration.TotalMilliseconds;

    private static RedisValue Leases(IReadOnlyList<Lease> leases)
    {
        var items = new ItemWriter(leases.Count, LeaseSize);
        foreach (var lease in leases)
            items.Id(lease.Delivery.Value).Number(lease.Version).Number(lease.Token);
        return items.ToValue();
    }

    // For the scripts 24 bytes that they keep and give back.
    private static RedisValue Position(LanePosition position) =>
        new ItemWriter(1, sizeof(double) + 16).Number(position.Due).Id(position.Id).ToValue();

    private static LanePosition ReadPosition(ReadOnlySpan<byte> bytes) =>
        bytes.IsEmpty
            ? LanePosition.Start
            : new LanePosition(
                (long)BinaryPrimitives.ReadDoubleLittleEndian(bytes), new Guid(bytes[sizeof(double)..], bigEndian: true));

    private static RedisValue Probes(IReadOnlyList<Lease> leases)
    {
        var items = new ItemWriter(leases.Count, 16);
        foreach (var lease in leases.Where(lease => lease.IsProbe))
            items.Id(lease.Subscriber.Value);
        return items.ToValue();
    }

    private RedisValue Queued(IReadOnlyList<QueuedDelivery> deliveries)
    {
        var now = Clock.GetUtcNow().ToUnixTimeMilliseconds();
        var items = new ItemWriter(deliveries.Count, QueuedSize);
        foreach (var delivery in deliveries)
        {
            items.Id(delivery.Id.Value).Id(delivery.Tenant.Value).Id(delivery.Subscriber.Value).Byte((byte)delivery.Class)
                .Number(delivery.Due.ToUnixTimeMilliseconds() - now)
                .Number(delivery.Version);
        }

        return items.ToValue();
    }
}
