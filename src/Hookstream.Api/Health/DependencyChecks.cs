using Hookstream.Api.Routing;
using Microsoft.Extensions.Logging;

namespace Hookstream.Api.Health;

/// <summary>Asks the store and the queue how they are, for no longer than a caller would wait.</summary>
internal sealed class DependencyChecks(
    IStoreMaintenance store, TimeProvider clock, ILogger<DependencyChecks> logger, IQueueHealth? queue = null)
{
    // Orchestrators give up after a few seconds, and an answer tells them more.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);

    /// <summary>Asks both at once. Where there is no queue apart from it, the store is the queue.</summary>
    /// <exception cref="OperationCanceledException">The caller does not want to know any more.</exception>
    public async Task<(StoreHealth Store, StoreHealth Queue)> CheckAsync(CancellationToken aborted)
    {
        var checkingStore = CheckAsync("store", store.CheckAsync, aborted);
        var checkingQueue = queue is null ? checkingStore : CheckAsync("queue", queue.CheckAsync, aborted);
        return (await checkingStore, await checkingQueue);
    }

    private async Task<StoreHealth> CheckAsync(
        string part, Func<CancellationToken, Task<StoreHealth>> check, CancellationToken aborted)
    {
        using var deadline = new CancellationTokenSource(Deadline, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, aborted);
        try
        {
            // What hangs may not look at its token either.
            return await check(either.Token).WaitAsync(either.Token);
        }
        catch (Exception exception) when (!aborted.IsCancellationRequested)
        {
            Log.HealthCheckFailed(logger, part, exception.Message);
            return new StoreHealth(false, default);
        }
    }
}
