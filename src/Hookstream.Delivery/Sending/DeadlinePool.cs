using System.Collections.Concurrent;

namespace Hookstream.Delivery.Sending;

/// <summary>Cancellation sources for deadlines, used again while they have not fired.</summary>
internal sealed class DeadlinePool(TimeProvider time)
{
    private const int MaxKept = 512;
    private readonly ConcurrentQueue<CancellationTokenSource> _idle = new();

    public CancellationTokenSource Start(TimeSpan timeout)
    {
        if (!_idle.TryDequeue(out var source))
            return new CancellationTokenSource(timeout, time);
        source.CancelAfter(timeout);
        return source;
    }

    public void Return(CancellationTokenSource source)
    {
        if (source.TryReset() && _idle.Count < MaxKept)
            _idle.Enqueue(source);
        else
            source.Dispose();
    }
}
