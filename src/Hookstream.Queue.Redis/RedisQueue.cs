using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Hookstream.Queue.Redis;

/// <summary>
/// The queue in Redis: lanes, due times and leases, moved by scripts. It holds references only; whatever happens to it, it is
/// filled from the store again. While Redis is away, nothing is claimed and nobody fails for it.
/// </summary>
public sealed class RedisQueue : IDeliveryQueue, IQueueMirror, IQueueHealth, IAsyncDisposable
{
    private static readonly TimeSpan LockDuration = TimeSpan.FromSeconds(10);

    private readonly RedisQueueOptions _options;
    private readonly RedisLink _link;
    private readonly QueueCommands _commands;
    private readonly WakeUps _wakeUps;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<DeliveryId, double> _locks = new();
    private readonly CancellationTokenSource _stopping = new();
    private RedisSweep? _sweep;
    private LaneTopUp? _topUp;
    private GhostCheck? _ghosts;
    private bool _missed;
    private Task _running = Task.CompletedTask;

    private RedisQueue(RedisLink link, RedisQueueOptions options, TimeProvider time, ILogger logger)
    {
        _options = options;
        _link = link;
        _commands = new QueueCommands(link, options, time);
        _wakeUps = new WakeUps(time);
        _time = time;
        _logger = logger;
        link.Interrupted += () => _sweep?.Doubt();
        link.WakeUpsInterrupted += _wakeUps.Signal;
    }

    internal RedisSweep? Sweep => _sweep;

    internal QueueCommands Commands => _commands;

    /// <summary>Connects. That Redis is away is no failure: the queue comes to life when it is there.</summary>
    /// <param name="options">Where Redis is.</param>
    /// <param name="time">The process's time.</param>
    /// <param name="loggers">Where it logs.</param>
    public static async Task<RedisQueue> OpenAsync(RedisQueueOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        var logger = loggers.CreateLogger<RedisQueue>();
        var link = await RedisLink.ConnectAsync(options, time, logger).ConfigureAwait(false);
        return new RedisQueue(link, options, time, logger);
    }

    /// <summary>
    /// Begins to work for a store: compares Redis with it, now and from then on. Until this was called nothing is claimed.
    /// </summary>
    /// <param name="source">The store.</param>
    /// <param name="clock">The store's clock, by which it states due times.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task AttachAsync(IQueueSource source, TimeProvider clock, CancellationToken cancellation)
    {
        _commands.Clock = clock;
        _topUp = new LaneTopUp(_commands, source, _logger);
        _ghosts = new GhostCheck(_commands, source);
        var metrics = new SweepMetrics(_options.Meters);
        var sweep = new RedisSweep(_link, _commands, source, _options, _wakeUps.Signal, metrics, _time, _logger);
        _sweep = sweep;
        if (Volatile.Read(ref _missed))
            sweep.WantPass();
        // A connection that is just being made may interrupt the first; where Redis is away, it goes on in the background.
        for (var i = 0; i < 3 && !sweep.IsComplete; i++)
            await sweep.StepAsync(cancellation).ConfigureAwait(false);
        var watch = new NodeWatch(_commands, source, metrics, _options, _time, _logger);
        if (_options.WatchesNodes)
            await watch.BeginAsync().ConfigureAwait(false);
        _running = Task.WhenAll(
            _options.WatchesNodes ? Task.Run(() => watch.RunAsync(_stopping.Token), CancellationToken.None) : Task.CompletedTask,
            Task.Run(() => sweep.RunAsync(_stopping.Token), CancellationToken.None),
            Task.Run(() => _topUp.RunAsync(_stopping.Token), CancellationToken.None),
            Task.Run(() => ListenAsync(_stopping.Token), CancellationToken.None));
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Lease>> ClaimAsync(ClaimRequest request, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        _wakeUps.BeginClaim();
        // A worker that finds nothing waits: no failure a second, and no line in the log, for as long as Redis is away.
        if (_sweep?.Epoch is not { } epoch)
            return [];
        ClaimReply? reply;
        try
        {
            reply = await _commands.ClaimAsync(request, epoch).ConfigureAwait(false);
        }
        catch (StoreUnavailableException)
        {
            _wakeUps.EndClaim(-1);
            return [];
        }

        if (reply is null)
        {
            _sweep.Doubt();
            _wakeUps.EndClaim(-1);
            return [];
        }

        _wakeUps.EndClaim(reply.Next);
        if (reply.TopUps.Count > 0)
            _topUp?.Add(reply.TopUps);
        return reply.Leases;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Lease>> RenewAsync(
        IReadOnlyList<Lease> leases, TimeSpan duration, CancellationToken cancellation) =>
        _commands.RenewAsync(leases, duration);

    /// <inheritdoc/>
    public async Task ReleaseAsync(IReadOnlyList<Lease> leases, CancellationToken cancellation)
    {
        var suspects = await _commands.ReleaseAsync(leases).ConfigureAwait(false);
        if (suspects.Count == 0 || _ghosts is null)
            return;
        try
        {
            await _ghosts.CheckAsync(suspects, leases, cancellation).ConfigureAwait(false);
        }
        catch (StoreUnavailableException)
        {
            // They are given back all the same, and asked about when they are given back again.
            return;
        }
    }

    /// <inheritdoc/>
    public Task WaitAsync(CancellationToken cancellation) => _wakeUps.WaitAsync(cancellation);

    /// <inheritdoc/>
    public ValueTask EnqueueAsync(IReadOnlyList<QueuedDelivery> deliveries, CancellationToken cancellation) =>
        TellAsync(_commands.EnqueueAsync(deliveries));

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Lease>> FindLostAsync(
        IReadOnlyList<Lease> leases, CancellationToken cancellation)
    {
        try
        {
            return await _commands.FindLostAsync(leases).ConfigureAwait(false);
        }
        catch (StoreUnavailableException)
        {
            return [];
        }
    }

    /// <inheritdoc/>
    public ValueTask SettledAsync(
        IReadOnlyList<Lease> leases, IReadOnlyList<QueuedDelivery> again, CancellationToken cancellation) =>
        TellAsync(_commands.SettledAsync(leases, again));

    /// <inheritdoc/>
    public ValueTask RemoveAsync(IReadOnlyList<DeliveryId> deliveries, CancellationToken cancellation) =>
        TellAsync(_commands.RemoveAsync([.. deliveries.Select(id => (id, double.PositiveInfinity))]));

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<DeliveryId>> LockAsync(
        IReadOnlyList<DeliveryId> deliveries, CancellationToken cancellation)
    {
        try
        {
            var (token, busy) = await _commands.LockAsync(deliveries, LockDuration).ConfigureAwait(false);
            var inUse = new HashSet<DeliveryId>(busy.Select(position => deliveries[position]));
            foreach (var id in deliveries)
            {
                if (!inUse.Contains(id))
                    _locks[id] = token;
            }

            return [.. inUse];
        }
        catch (StoreUnavailableException)
        {
            // The version in the store keeps apart what Redis cannot.
            return [];
        }
    }

    /// <inheritdoc/>
    public ValueTask UnlockAsync(IReadOnlyList<DeliveryId> deliveries, CancellationToken cancellation)
    {
        var held = new List<(DeliveryId, double)>();
        foreach (var id in deliveries)
        {
            if (_locks.TryRemove(id, out var token))
                held.Add((id, token));
        }

        return held.Count == 0 ? default : TellAsync(_commands.UnlockAsync(held));
    }

    /// <inheritdoc/>
    public ValueTask HoldAsync(IReadOnlyList<EndpointHold> holds, CancellationToken cancellation) =>
        TellAsync(_commands.HoldAsync(holds));

    /// <inheritdoc/>
    public async Task<StoreHealth> CheckAsync(CancellationToken cancellation)
    {
        var asked = _time.GetTimestamp();
        try
        {
            await _commands.ReadEpochAsync().ConfigureAwait(false);
            return new StoreHealth(true, _time.GetElapsedTime(asked));
        }
        catch (StoreUnavailableException)
        {
            return new StoreHealth(false, _time.GetElapsedTime(asked));
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _link.DisposeAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    // What Redis was not told, it finds out by a pass over the store.
    private async ValueTask TellAsync(Task call)
    {
        try
        {
            await call.ConfigureAwait(false);
        }
        catch (StoreUnavailableException)
        {
            Volatile.Write(ref _missed, true);
            _sweep?.WantPass();
        }
        catch (RedisServerException exception)
        {
            // What was committed is no failure of the caller's; the slow pass brings it.
            Log.Refused(_logger, exception);
        }
    }

    private async Task ListenAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await _link.SubscribeAsync(_wakeUps.Signal).ConfigureAwait(false);
                return;
            }
            catch (StoreUnavailableException)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), _time, cancellation)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
