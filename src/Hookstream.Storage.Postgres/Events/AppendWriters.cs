using Microsoft.Extensions.Logging;

namespace Hookstream.Storage.Postgres.Events;

/// <summary>
/// Writes appends in groups: each writer takes whatever has gathered while its previous transaction ran. No timer and no
/// artificial delay: alone, an append commits at once; under load, the cost of a round trip and a flush is shared. The second
/// writer and those after it leave a few to the first, which is about to come back: two half groups cost nearly twice as much.
/// </summary>
internal sealed class AppendWriters : IAsyncDisposable
{
    private const int MaxGroupRows = 2_000;
    private const long MaxGroupBytes = 8 << 20;
    private const int MaxCompletedAsOne = 8;

    // Rows that are worth another transaction beside the one that runs, and how long fewer are left to it.
    private const int EnoughRows = 64;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(20);

    private readonly AppendTransaction _transaction;
    private readonly PostgresStoreOptions _options;
    private readonly StoreMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly Queue<AppendOperation> _waiting = new();
    private readonly Task[] _writers;
    private TaskCompletionSource _arrived = NewSignal();
    private int _waitingRows;
    private long _waitingBytes;
    private bool _stopping;

    public AppendWriters(
        AppendTransaction transaction, PostgresStoreOptions options, StoreMetrics metrics, TimeProvider time, ILogger logger)
    {
        _metrics = metrics;
        _time = time;
        _transaction = transaction;
        _options = options;
        _logger = logger;
        _writers = [.. Enumerable.Range(0, options.Writers).Select(no => Task.Run(() => RunAsync(isFirst: no == 0)))];
    }

    /// <summary>Queues an operation; false when so much waits already that it should be refused.</summary>
    public bool TryEnqueue(AppendOperation operation)
    {
        lock (_gate)
        {
            if (_stopping)
                throw new StoreUnavailableException("the store is shutting down");
            if (_waitingRows >= _options.MaxWaitingRows || _waitingBytes >= _options.MaxWaitingBytes)
                return false;
            _waiting.Enqueue(operation);
            _waitingRows += operation.Rows;
            _waitingBytes += operation.Bytes;
            if (_waiting.Count == 1 || _waitingRows >= EnoughRows)
                _arrived.TrySetResult();
            return true;
        }
    }

    /// <summary>Commits what is queued and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _stopping = true;
            _arrived.TrySetResult();
        }

        await Task.WhenAll(_writers);
    }

    private async Task RunAsync(bool isFirst)
    {
        while (await TakeAsync(isFirst) is { } group)
        {
            var began = _time.GetTimestamp();
            try
            {
                await _transaction.CommitAsync(group);
                _metrics.Committed(group.Sum(operation => operation.Rows), _time.GetElapsedTime(began));
            }
            catch (Exception exception)
            {
                Log.WriterFailed(_logger, exception);
                group.ForEach(operation => operation.Fail(exception));
            }

            Complete(group);
        }
    }

    // Null when stopped and empty.
    private async ValueTask<List<AppendOperation>?> TakeAsync(bool isFirst)
    {
        var least = isFirst ? 0 : EnoughRows;
        while (true)
        {
            Task arrived;
            bool waits;
            lock (_gate)
            {
                waits = _waiting.Count > 0;
                if (waits && (_waitingRows >= least || _stopping))
                    return TakeWaiting();
                if (_stopping)
                    return null;
                if (_arrived.Task.IsCompleted)
                    _arrived = NewSignal();
                arrived = _arrived.Task;
            }

            if (!waits)
                await arrived;
            else if (await Task.WhenAny(arrived, Task.Delay(Patience)) != arrived)
                least = 0;
        }
    }

    private List<AppendOperation> TakeWaiting()
    {
        var group = new List<AppendOperation>();
        var rows = 0;
        var bytes = 0L;
        while (_waiting.TryPeek(out var next)
            && (group.Count == 0 || (rows + next.Rows <= MaxGroupRows && bytes + next.Bytes <= MaxGroupBytes)))
        {
            group.Add(_waiting.Dequeue());
            rows += next.Rows;
            bytes += next.Bytes;
        }

        _waitingRows -= rows;
        _waitingBytes -= bytes;
        return group;
    }

    // Waking each waiter by itself would cost more than its share of the commit: they continue one after the other, on two
    // threads when there are many.
    private static void Complete(List<AppendOperation> group)
    {
        var half = group.Count > MaxCompletedAsOne ? group.Count / 2 : 0;
        if (half > 0)
            ThreadPool.UnsafeQueueUserWorkItem(new Completions([.. group[..half]]), preferLocal: false);
        ThreadPool.UnsafeQueueUserWorkItem(new Completions([.. group[half..]]), preferLocal: false);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Completions(AppendOperation[] operations) : IThreadPoolWorkItem
    {
        public void Execute()
        {
            foreach (var operation in operations)
                operation.Execute();
        }
    }
}
