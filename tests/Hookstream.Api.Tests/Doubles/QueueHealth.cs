namespace Hookstream.Api.Tests.Doubles;

internal sealed class QueueHealth : IQueueHealth
{
    public Func<Task<StoreHealth>> OnCheck { get; init; } =
        () => Task.FromResult(new StoreHealth(true, TimeSpan.FromMilliseconds(0.5)));

    public Task<StoreHealth> CheckAsync(CancellationToken cancellation) => OnCheck();
}
