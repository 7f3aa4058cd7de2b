using Hookstream.Core.Stores;

namespace Hookstream.Server.Hosting;

/// <summary>Stands in for the store's health while the store is not there yet.</summary>
internal sealed class StoreAway : IStoreMaintenance
{
    public Task<StoreHealth> CheckAsync(CancellationToken cancellation) => Task.FromResult(new StoreHealth(Up: false, default));

    public Task<long> RemoveExpiredAsync(TimeSpan retention, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<int> ExpireAsync(TimeSpan maxAge, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<bool> RunBacklogAsync(CancellationToken cancellation) => throw new NotSupportedException();

    public Task<bool> RollUpStatisticsAsync(CancellationToken cancellation) => throw new NotSupportedException();

    public Task<Backlog?> MeasureBacklogAsync(CancellationToken cancellation) => throw new NotSupportedException();
}
