using Microsoft.Extensions.Logging;

namespace Hookstream.Queue.Redis.Sweeping;

/// <summary>
/// Sees to it that what the store holds is in Redis: at once when Redis was emptied, restarted or replaced, or could not be told
/// something; slowly always. Claims wait until it is known that Redis is as it was left, and knows every gate.
/// </summary>
internal sealed class RedisSweep(
    RedisLink link,
    QueueCommands commands,
    IQueueSource source,
    RedisQueueOptions options,
    Action established,
    SweepMetrics metrics,
    TimeProvider time,
    ILogger logger)
{
    private static readonly TimeSpan LeaderFor = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(250);
    // How soon the one that leads finds that another has asked it for a pass.
    private static readonly TimeSpan AskedInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);

    private readonly Guid _self = Guid.NewGuid();
    private readonly Lock _gate = new();
    private TaskCompletionSource _signal = NewSignal();
    private volatile string? _epoch;
    private volatile bool _passWanted;
    private int _doubts;
    private string _identity = "";
    private bool _said;
    private bool _failing;
    private long _lastLook;
    private StorePass? _slowPass;
    private long _pagesOfLastPass;
    private TimeSpan _nextPage;
    private long _lastPage;

    /// <summary>The epoch at which claims may be made; null: none may.</summary>
    public string? Epoch => _epoch;

    /// <summary>Redis is as it was left, and nothing is known to be missing that nobody looks for yet.</summary>
    public bool IsComplete => _epoch is not null && !_passWanted;

    /// <summary>Redis may not be as it was: looks again before anything is claimed.</summary>
    public void Doubt()
    {
        Interlocked.Increment(ref _doubts);
        _epoch = null;
        Signal();
    }

    /// <summary>Redis could not be told something: the store is read from its beginning when it is back.</summary>
    public void WantPass()
    {
        _passWanted = true;
        Signal();
    }

    /// <summary>Goes on until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            var signal = TakeSignal();
            var pause = await StepAsync(cancellation).ConfigureAwait(false);
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            await Task.WhenAny(signal, Task.Delay(pause, time, ended.Token)).ConfigureAwait(false);
            await ended.CancelAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Does what is to be done now; one step at a time.</summary>
    /// <returns>How long to wait for the next step, unless something comes up.</returns>
    public async Task<TimeSpan> StepAsync(CancellationToken cancellation)
    {
        try
        {
            var pause = await WorkAsync(cancellation).ConfigureAwait(false);
            _failing = false;
            return pause;
        }
        catch (Exception exception)
        {
            _slowPass = null;
            // An outage of Redis is said where it is found; one of the store, once.
            if (!cancellation.IsCancellationRequested && !_failing && !await IsAwayAsync().ConfigureAwait(false))
            {
                _failing = true;
                Log.SweepFailed(logger, exception);
            }

            return RetryInterval;
        }
    }

    private async Task<TimeSpan> WorkAsync(CancellationToken cancellation)
    {
        if (_epoch is not null && time.GetElapsedTime(_lastLook) >= LookInterval)
            await LookAsync().ConfigureAwait(false);
        if (_epoch is null && !await EstablishAsync(cancellation).ConfigureAwait(false))
            return RetryInterval;
        if (_passWanted)
        {
            if (await FullPassAsync(cancellation).ConfigureAwait(false))
                return TimeSpan.Zero;
            // Another leads, and goes on leading: without being asked it would read slowly, which takes minutes over a large backlog.
            return options.SlowPasses ? await AskForPassAsync().ConfigureAwait(false) : RetryInterval;
        }

        if (!options.SlowPasses || !await commands.LeadAsync(_self, LeaderFor).ConfigureAwait(false))
        {
            _slowPass = null;
            return LookInterval;
        }

        if (await commands.ReadAskedPassAsync().ConfigureAwait(false) is { } asked)
        {
            if (!await FullPassAsync(cancellation).ConfigureAwait(false))
                return RetryInterval;
            await commands.AnswerPassAsync(asked).ConfigureAwait(false);
        }

        return await SlowPageAsync(cancellation).ConfigureAwait(false);
    }

    // A failover need not cut a connection, nor does somebody who empties Redis: looked at now and then.
    private async Task LookAsync()
    {
        var state = await link.AskServerAsync().ConfigureAwait(false);
        if (state.Identity != _identity || await commands.ReadEpochAsync().ConfigureAwait(false) != _epoch)
            _epoch = null;
        _lastLook = time.GetTimestamp();
    }

    // Finds out whether Redis is as it was left: its epoch names the run of the server that it was written to.
    private async Task<bool> EstablishAsync(CancellationToken cancellation)
    {
        var doubts = Volatile.Read(ref _doubts);
        var state = await link.PrepareServerAsync().ConfigureAwait(false);
        SayOnce(state);
        var epoch = await commands.ReadEpochAsync().ConfigureAwait(false);
        if (epoch is null || !epoch.StartsWith(state.Identity + ":", StringComparison.Ordinal))
        {
            // One fills it; the others wait for its epoch.
            if (!await commands.LeadAsync(_self, LeaderFor).ConfigureAwait(false))
                return false;
            Log.Refilling(logger, epoch is null ? "it is empty" : "it was restarted, or is another server");
            var holds = await source.ReadHoldsAsync(cancellation).ConfigureAwait(false);
            await commands.HoldAsync(holds).ConfigureAwait(false);
            epoch = $"{state.Identity}:{Guid.NewGuid():N}";
            await commands.SetEpochAsync(epoch).ConfigureAwait(false);
            _passWanted = true;
        }

        _identity = state.Identity;
        _lastLook = time.GetTimestamp();
        _epoch = epoch;
        if (Volatile.Read(ref _doubts) != doubts)
        {
            _epoch = null;
            return false;
        }

        established();
        return true;
    }

    private async Task<bool> FullPassAsync(CancellationToken cancellation)
    {
        if (!await commands.LeadAsync(_self, LeaderFor).ConfigureAwait(false))
            return false;
        var begun = time.GetTimestamp();
        _slowPass = null;
        // What is missed from here on needs another pass.
        _passWanted = false;
        try
        {
            var pass = await StorePass.BeginAsync(commands, source, metrics, cancellation).ConfigureAwait(false);
            while (await pass.ReadPageAsync(cancellation).ConfigureAwait(false))
                await commands.LeadAsync(_self, LeaderFor).ConfigureAwait(false);
            _pagesOfLastPass = pass.Pages;
            Log.Refilled(logger, pass.Deliveries, time.GetElapsedTime(begun).TotalSeconds, pass.Removed);
            return true;
        }
        catch
        {
            _passWanted = true;
            throw;
        }
    }

    private async Task<TimeSpan> AskForPassAsync()
    {
        // What is missed from here on needs another pass.
        _passWanted = false;
        try
        {
            await commands.AskForPassAsync().ConfigureAwait(false);
            return LookInterval;
        }
        catch
        {
            _passWanted = true;
            throw;
        }
    }

    private async Task<TimeSpan> SlowPageAsync(CancellationToken cancellation)
    {
        var left = _nextPage - time.GetElapsedTime(_lastPage);
        if (left > TimeSpan.Zero)
            return left < AskedInterval ? left : AskedInterval;
        _slowPass ??= await StorePass.BeginAsync(commands, source, metrics, cancellation).ConfigureAwait(false);
        if (!await _slowPass.ReadPageAsync(cancellation).ConfigureAwait(false))
        {
            _pagesOfLastPass = _slowPass.Pages;
            _slowPass = null;
        }

        var pause = options.PassDuration / Math.Max(1, _pagesOfLastPass);
        _nextPage = pause < ShortestPause ? ShortestPause : pause > LookInterval ? LookInterval : pause;
        _lastPage = time.GetTimestamp();
        return _nextPage < AskedInterval ? _nextPage : AskedInterval;
    }

    private void SayOnce(ServerState state)
    {
        if (_said)
            return;
        _said = true;
        Log.Connected(logger, state.Version, link.Name);
        if (state.Identity.Length == 0)
            Log.IdentityUnknown(logger);
        if (state.EvictionPolicy is null)
            Log.EvictionUnknown(logger);
        else if (state.EvictionPolicy != "noeviction")
            Log.Evicts(logger, state.EvictionPolicy);
    }

    private async Task<bool> IsAwayAsync()
    {
        try
        {
            await commands.ReadEpochAsync().ConfigureAwait(false);
            return false;
        }
        catch (StoreUnavailableException)
        {
            return true;
        }
    }

    private void Signal()
    {
        lock (_gate)
            _signal.TrySetResult();
    }

    private Task TakeSignal()
    {
        lock (_gate)
        {
            if (_signal.Task.IsCompleted)
                _signal = NewSignal();
            return _signal.Task;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
