namespace Hookstream.Queue.Redis.Queueing;

/// <summary>
/// Lets workers of this process wait for something to claim. Messages that come close together end one wait; behind them a
/// wait ends after a second.
/// </summary>
internal sealed class WakeUps(TimeProvider time)
{
    private const double LongestWait = 1_000;

    private readonly Lock _gate = new();
    private TaskCompletionSource? _waiter;
    private long _signals;
    private long _seen;
    private double _next = LongestWait;

    /// <summary>Something may have become claimable.</summary>
    public void Signal()
    {
        lock (_gate)
        {
            _signals++;
            _waiter?.TrySetResult();
            _waiter = null;
        }
    }

    /// <summary>A claim begins: signals from now on end the next wait at once.</summary>
    public void BeginClaim()
    {
        lock (_gate)
            _seen = _signals;
    }

    /// <summary>A claim has found out when something may be due, in milliseconds from now; negative: it does not know.</summary>
    public void EndClaim(double next)
    {
        lock (_gate)
            _next = next < 0 ? LongestWait : Math.Clamp(next, 1, LongestWait);
    }

    public async Task WaitAsync(CancellationToken cancellation)
    {
        Task signalled;
        double delay;
        lock (_gate)
        {
            if (_signals != _seen)
                return;
            _waiter ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            signalled = _waiter.Task;
            delay = _next;
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAny(signalled, Task.Delay(TimeSpan.FromMilliseconds(delay), time, ended.Token)).ConfigureAwait(false);
        await ended.CancelAsync().ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
    }
}
