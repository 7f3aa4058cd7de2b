using Hookstream.Api.Routing;
using Microsoft.Extensions.Logging;

namespace Hookstream.Api.Health;

/// <summary>Asks the store and the queue how they are, for no longer than a caller would wait.</summary>
internal sealed class DependencyChecks(
    IStoreMaintenance store, TimeProvider clock, ILogger<DependencyChecks> logger, IQueueHealth? queue = null)
{
    // Orchestrators give up after a few seconds, and an answer tells them more.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);

    private readonly OutageNotice _storeOutage = new();
    private readonly OutageNotice _queueOutage = new();

    /// <summary>Asks both at once. Where there is no queue apart from it, the store is the queue.</summary>
    /// <exception cref="OperationCanceledException">The caller does not want to know any more.</exception>
    public async Task<(StoreHealth Store, StoreHealth Queue)> CheckAsync(CancellationToken aborted)
    {
        var checkingStore = CheckAsync("store", store.CheckAsync, _storeOutage, aborted);
        var checkingQueue = queue is null ? checkingStore : CheckAsync("queue", queue.CheckAsync, _queueOutage, aborted);
        return (await checkingStore, await checkingQueue);
    }

    private async Task<StoreHealth> CheckAsync(
        string part, Func<CancellationToken, Task<StoreHealth>> check, OutageNotice outage, CancellationToken aborted)
    {
        using var deadline = new CancellationTokenSource(Deadline, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, aborted);
        try
        {
            // What hangs may not look at its token either.
            var health = await check(either.Token).WaitAsync(either.Token);
            if (health.Up)
                outage.Over();
            return health;
        }
        catch (Exception exception) when (!aborted.IsCancellationRequested)
        {
            if (outage.IsNews())
                Log.HealthCheckFailed(logger, part, exception.Message);
            return new StoreHealth(false, default);
        }
    }
}
