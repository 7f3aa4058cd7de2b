using Microsoft.Extensions.Logging;

namespace Hookstream.Storage.Postgres.Events;

/// <summary>
/// Writes appends in groups: each writer takes whatever has gathered while its previous transaction ran. No timer and no
/// artificial delay: alone, an append commits at once; under load, the cost of a round trip and a flush is shared.
/// </summary>
internal sealed class AppendWriters : IAsyncDisposable
{
    private const int MaxGroupRows = 2_000;
    private const long MaxGroupBytes = 8 << 20;
    private const int MaxCompletedAsOne = 8;

    private readonly AppendTransaction _transaction;
    private readonly PostgresStoreOptions _options;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly Queue<AppendOperation> _waiting = new();
    private readonly Task[] _writers;
    private TaskCompletionSource _arrived = NewSignal();
    private int _waitingRows;
    private long _waitingBytes;
    private bool _stopping;

    public AppendWriters(AppendTransaction transaction, PostgresStoreOptions options, ILogger logger)
    {
        _transaction = transaction;
        _options = options;
        _logger = logger;
        _writers = [.. Enumerable.Range(0, options.Writers).Select(_ => Task.Run(RunAsync))];
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
            if (_waiting.Count == 1)
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

    private async Task RunAsync()
    {
        while (await TakeAsync() is { } group)
        {
            try
            {
                await _transaction.CommitAsync(group);
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
    private async ValueTask<List<AppendOperation>?> TakeAsync()
    {
        while (true)
        {
            Task arrived;
            lock (_gate)
            {
                if (_waiting.Count > 0)
                    return TakeWaiting();
                if (_stopping)
                    return null;
                if (_arrived.Task.IsCompleted)
                    _arrived = NewSignal();
                arrived = _arrived.Task;
            }

            await arrived;
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
