namespace Hookstream.Api.Tests.Doubles;

internal sealed class Maintenance : IStoreMaintenance
{
    public Func<Task<StoreHealth>> OnCheck { get; set; } =
        () => Task.FromResult(new StoreHealth(true, TimeSpan.FromMilliseconds(1.5)));

    public Task<StoreHealth> CheckAsync(CancellationToken cancellation) => OnCheck();

    public Task<long> RemoveExpiredAsync(TimeSpan retention, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task<int> ExpireAsync(TimeSpan maxAge, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<bool> RunBacklogAsync(CancellationToken cancellation) => throw new NotSupportedException();

    public Task<bool> RollUpStatisticsAsync(CancellationToken cancellation) => throw new NotSupportedException();

    public Task<Backlog?> MeasureBacklogAsync(CancellationToken cancellation) => throw new NotSupportedException();
}
