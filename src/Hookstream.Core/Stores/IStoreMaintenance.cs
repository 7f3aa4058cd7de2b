namespace Hookstream.Core.Stores;

/// <summary>The chores that a store needs done from time to time, each in chunks that never hold up the hot paths.</summary>
public interface IStoreMaintenance
{
    /// <summary>Checks the store.</summary>
    Task<StoreHealth> CheckAsync(CancellationToken cancellation);

    /// <summary>
    /// Removes finished deliveries, their attempts, and events that nothing refers to any more, older than
    /// <paramref name="retention"/>, and idempotency keys that have expired.
    /// </summary>
    /// <returns>How many deliveries and events were removed.</returns>
    Task<long> RemoveExpiredAsync(TimeSpan retention, CancellationToken cancellation);

    /// <summary>
    /// Dead-letters as expired what has waited behind open circuits and rate limits for longer than <paramref name="maxAge"/>, a chunk of it: where
    /// nothing is claimed, no worker finds it. Time spent waiting for a person does not count.
    /// </summary>
    /// <returns>How many deliveries; fewer than a chunk: there are no more.</returns>
    Task<int> ExpireAsync(TimeSpan maxAge, CancellationToken cancellation);

    /// <summary>
    /// Does the next chunk of what was accepted to run behind fresh events: cancelling the deliveries of deleted and
    /// disabled subscribers, bulk replays.
    /// </summary>
    /// <returns>True when there is more to do.</returns>
    Task<bool> RunBacklogAsync(CancellationToken cancellation);

    /// <summary>
    /// Adds statistics of minutes that are hours old to those of their hours, and removes those that are days old; a chunk of it.
    /// </summary>
    /// <returns>True when there is more to do.</returns>
    Task<bool> RollUpStatisticsAsync(CancellationToken cancellation);

    /// <summary>Counts what waits: reads what is unfinished, and nothing of what has ended.</summary>
    /// <returns>Null: another process does the chores, and this one has nothing to say.</returns>
    Task<Backlog?> MeasureBacklogAsync(CancellationToken cancellation);
}
