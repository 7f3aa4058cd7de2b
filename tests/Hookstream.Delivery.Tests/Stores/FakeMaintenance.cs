namespace Hookstream.Delivery.Tests.Stores;

/// <summary>Counts the chores it is asked to do.</summary>
internal sealed class FakeMaintenance : IStoreMaintenance
{
    private int _backlogRuns;
    private int _removals;
    private int _expiries;
    private int _measured;
    private int _rollUps;

    public int Backlog { get; set; }

    public int BacklogRuns => Volatile.Read(ref _backlogRuns);

    public int Removals => Volatile.Read(ref _removals);

    public TimeSpan? Retention { get; private set; }

    public Task<StoreHealth> CheckAsync(CancellationToken cancellation) =>
        Task.FromResult(new StoreHealth(true, TimeSpan.Zero));

    public Task<long> RemoveExpiredAsync(TimeSpan retention, CancellationToken cancellation)
    {
        Retention = retention;
        Interlocked.Increment(ref _removals);
        return Task.FromResult(0L);
    }

    public Queue<int> ExpiredChunks { get; } = new();

    public int Expiries => Volatile.Read(ref _expiries);

    public TimeSpan? MaxAge { get; private set; }

    public Task<int> ExpireAsync(TimeSpan maxAge, CancellationToken cancellation)
    {
        MaxAge = maxAge;
        Interlocked.Increment(ref _expiries);
        return Task.FromResult(ExpiredChunks.TryDequeue(out var count) ? count : 0);
    }

    /// <summary>What is measured, the next each time and the last from then on.</summary>
    public Queue<Func<Backlog?>> Measures { get; } = new();

    public int Measured => Volatile.Read(ref _measured);

    public Task<Backlog?> MeasureBacklogAsync(CancellationToken cancellation)
    {
        var measure = Measures.Count > 1 ? Measures.Dequeue() : Measures.TryPeek(out var last) ? last : () => null;
        Interlocked.Increment(ref _measured);
        return Task.FromResult(measure());
    }

    /// <summary>Chunks of statistics that are left to be rolled up.</summary>
    public int StatisticsChunks { get; set; }

    public int RollUps => Volatile.Read(ref _rollUps);

    public Task<bool> RollUpStatisticsAsync(CancellationToken cancellation)
    {
        Interlocked.Increment(ref _rollUps);
        return Task.FromResult(--StatisticsChunks > 0);
    }

    public Task<bool> RunBacklogAsync(CancellationToken cancellation)
    {
        Interlocked.Increment(ref _backlogRuns);
        return Task.FromResult(--Backlog > 0);
    }
}
