using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Hookstream.Storage.Sqlite.Writing;

/// <summary>
/// The only writer: a thread that takes whatever has gathered while its previous commit ran, writes it in one
/// transaction, flushes it once, and then tells everyone. No timer and no artificial delay: alone, an operation commits
/// at once; under load, the cost of a flush is shared.
/// </summary>
internal sealed class GroupCommit : IAsyncDisposable
{
    private const int MaxGroupRows = 2_000;
    private const long MaxGroupBytes = 16 << 20;
    private const int MaxCompletedAsOne = 8;

    // How many operations in a row the store fails, alone, before those behind them are refused without a try.
    private const int MaxFailuresInRow = 2;

    // An outage is said at its beginning and again now and then, not for every operation.
    private static readonly TimeSpan OutageInterval = TimeSpan.FromSeconds(30);

    private readonly DatabaseConnection _database;
    private readonly StoreMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly int _maxWaitingRows;
    private readonly long _maxWaitingBytes;
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _arrived = new(0, 1);
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Queue<WriteOperation> _waiting = new();
    private int _waitingRows;
    private long _waitingBytes;
    private bool _stopping;
    private volatile bool _failing;
    private bool _outageSaid;
    private long? _outageSaidAt;
    private Exception? _lastFailure;
    private int _refused;

    /// <summary>Starts the writer.</summary>
    /// <param name="database">Used by the writer's thread only, and disposed by it.</param>
    /// <param name="maxWaitingRows">Rows that may wait before <see cref="TryEnqueue"/> refuses more.</param>
    /// <param name="maxWaitingBytes">Bytes that may wait, likewise.</param>
    /// <param name="metrics">Told of each commit.</param>
    /// <param name="time">Tells how long ago an outage was logged.</param>
    /// <param name="logger">Told of what failed.</param>
    public GroupCommit(
        DatabaseConnection database,
        int maxWaitingRows,
        long maxWaitingBytes,
        StoreMetrics metrics,
        TimeProvider time,
        ILogger logger)
    {
        _metrics = metrics;
        _time = time;
        _database = database;
        _maxWaitingRows = maxWaitingRows;
        _maxWaitingBytes = maxWaitingBytes;
        _logger = logger;
        new Thread(Run) { IsBackground = true, Name = "sqlite writer" }.Start();
    }

    /// <summary>True when the store failed the last commit: the disk is full, or it cannot be written.</summary>
    public bool IsFailing => _failing;

    /// <summary>Queues an operation; false when so much waits already that it should be refused.</summary>
    public bool TryEnqueue(WriteOperation operation) => Add(operation, bounded: true);

    /// <summary>Queues an operation whose number is bounded by its caller, such as the outcomes of sends.</summary>
    public void Enqueue(WriteOperation operation) => Add(operation, bounded: false);

    /// <summary>Queues a function and gives what it returned once that is committed.</summary>
    /// <param name="write">Runs inside the transaction, on the writer's thread; may run twice.</param>
    /// <param name="committed">Runs after the commit, before the task completes: publishes what changed.</param>
    /// <param name="failed">Runs instead when nothing was written.</param>
    public Task<T> WriteAsync<T>(
        Func<DatabaseConnection, T> write, Action<T>? committed = null, Action? failed = null)
    {
        var operation = new DelegateOperation<T>(write, committed, failed);
        Enqueue(operation);
        return operation.Completion;
    }

    /// <summary>Commits what is queued and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _stopping = true;
            Wake();
        }

        await _stopped.Task;
        _arrived.Dispose();
    }

    private bool Add(WriteOperation operation, bool bounded)
    {
        lock (_gate)
        {
            if (_stopping)
                throw new StoreUnavailableException("the store is shutting down");
            if (bounded && (_waitingRows >= _maxWaitingRows || _waitingBytes >= _maxWaitingBytes))
                return false;
            _waiting.Enqueue(operation);
            _waitingRows += operation.Rows;
            _waitingBytes += operation.Bytes;
            if (_waiting.Count == 1)
                Wake();
            return true;
        }
    }

    private void Wake()
    {
        if (_arrived.CurrentCount == 0)
            _arrived.Release();
    }

    private void Run()
    {
        var group = new List<WriteOperation>();
        while (Take(group))
        {
            Commit(group);
            group.Clear();
        }

        _database.Dispose();
        _stopped.SetResult();
    }

    // False when stopped and empty.
    private bool Take(List<WriteOperation> group)
    {
        while (true)
        {
            lock (_gate)
            {
                var rows = 0;
                var bytes = 0L;
                while (_waiting.TryPeek(out var next) && (group.Count == 0 || Joins(next, rows, bytes)))
                {
                    group.Add(_waiting.Dequeue());
                    rows += next.Rows;
                    bytes += next.Bytes;
                }

                _waitingRows -= rows;
                _waitingBytes -= bytes;
                if (group.Count > 0)
                    return true;
                if (_stopping)
                    return false;
            }

            _arrived.Wait();
        }
    }

    private static bool Joins(WriteOperation next, int rows, long bytes) =>
        !next.ReadsCatalogs && rows + next.Rows <= MaxGroupRows && bytes + next.Bytes <= MaxGroupBytes;

    private void Commit(List<WriteOperation> group)
    {
        var began = _time.GetTimestamp();
        try
        {
            _database.Prepare("begin immediate").Run();
            foreach (var operation in group)
                operation.Execute(_database, alone: false);
            _database.Prepare("commit").Run();
        }
        catch (Exception exception)
        {
            RollBack();
            if (group.Count > 1 && !StoreFailure.Is(exception))
                Log.GroupFailed(_logger, exception, group.Count);
            CommitOneByOne(group);
            return;
        }

        _metrics.Committed(group.Sum(operation => operation.Rows), _time.GetElapsedTime(began));
        Resume();
        foreach (var operation in group)
            operation.Committed();
        Complete(group);
    }

    // What one operation breaks fails that one. Where the store fails one after the other, the rest would wait for nothing.
    private void CommitOneByOne(List<WriteOperation> group)
    {
        var failures = 0;
        foreach (var operation in group)
        {
            var failure = failures < MaxFailuresInRow ? CommitAlone(operation) : _lastFailure;
            if (failure is null)
            {
                failures = 0;
                continue;
            }

            if (!StoreFailure.Is(failure))
            {
                Log.OperationFailed(_logger, failure, operation.GetType().Name);
                operation.Failed(failure);
                continue;
            }

            failures++;
            _lastFailure = failure;
            SayOutage(failure);
            operation.Failed(new StoreUnavailableException($"the store could not commit: {failure.Message}", failure));
        }
    }

    // Waking each waiter by itself would cost more than its commit: they continue one after the other, on two threads when
    // there are many.
    private static void Complete(List<WriteOperation> group)
    {
        var half = group.Count > MaxCompletedAsOne ? group.Count / 2 : 0;
        if (half > 0)
            ThreadPool.UnsafeQueueUserWorkItem(new Completions([.. group[..half]]), preferLocal: false);
        ThreadPool.UnsafeQueueUserWorkItem(new Completions([.. group[half..]]), preferLocal: false);
    }

    private Exception? CommitAlone(WriteOperation operation)
    {
        try
        {
            _database.Prepare("begin immediate").Run();
            operation.Execute(_database, alone: true);
            _database.Prepare("commit").Run();
        }
        catch (Exception exception)
        {
            RollBack();
            return exception;
        }

        Resume();
        operation.Committed();
        Complete([operation]);
        return null;
    }

    private void SayOutage(Exception failure)
    {
        _failing = true;
        _refused++;
        if (_outageSaidAt is { } at && _time.GetElapsedTime(at) < OutageInterval)
            return;
        Log.CommitsFail(_logger, failure, _refused);
        _outageSaidAt = _time.GetTimestamp();
        _outageSaid = true;
        _refused = 0;
    }

    private void Resume()
    {
        _failing = false;
        if (!_outageSaid)
            return;
        Log.CommitsResumed(_logger, _refused);
        _outageSaid = false;
        _refused = 0;
    }

    // SQLite has rolled back by itself after some errors (disk full, I/O); then there is nothing left to do. Should it fail
    // otherwise, the next transaction cannot begin, and this is tried again.
    private void RollBack()
    {
        _database.ResetAll();
        try
        {
            _database.Prepare("rollback").Run();
        }
        catch (SqliteException exception)
        {
            Log.NothingToRollBack(_logger, exception.Message);
        }
    }

    private sealed class Completions(WriteOperation[] operations) : IThreadPoolWorkItem
    {
        public void Execute()
        {
            foreach (var operation in operations)
                operation.Complete();
        }
    }
}
