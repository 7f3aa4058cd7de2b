namespace Hookstream.Core.Deliveries;

/// <summary>How a queue apart from the store answers. Where the store is the queue, nobody implements this.</summary>
public interface IQueueHealth
{
    /// <summary>Checks the queue.</summary>
    Task<StoreHealth> CheckAsync(CancellationToken cancellation);
}
