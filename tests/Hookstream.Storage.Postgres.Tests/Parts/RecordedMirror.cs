namespace Hookstream.Storage.Postgres.Tests.Parts;

/// <summary>A queue apart from the store that remembers what it was told.</summary>
internal sealed class RecordedMirror : IQueueMirror
{
    public List<QueuedDelivery> Enqueued { get; } = [];

    public List<DeliveryId> Removed { get; } = [];

    public HashSet<DeliveryId> Locked { get; } = [];

    /// <summary>What is being sent just now.</summary>
    public HashSet<DeliveryId> Sending { get; } = [];

    public ValueTask EnqueueAsync(IReadOnlyList<QueuedDelivery> deliveries, CancellationToken cancellation)
    {
        // Told before the lock ends: a claim must find the new version.
        deliveries.ShouldAllBe(delivery => delivery.Version == 0 || Locked.Contains(delivery.Id));
        Enqueued.AddRange(deliveries);
        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<Lease>> FindLostAsync(IReadOnlyList<Lease> leases, CancellationToken cancellation) =>
        ValueTask.FromResult<IReadOnlyList<Lease>>([]);

    public ValueTask SettledAsync(
        IReadOnlyList<Lease> leases, IReadOnlyList<QueuedDelivery> again, CancellationToken cancellation) => ValueTask.CompletedTask;

    public ValueTask RemoveAsync(IReadOnlyList<DeliveryId> deliveries, CancellationToken cancellation)
    {
        Removed.AddRange(deliveries);
        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<DeliveryId>> LockAsync(IReadOnlyList<DeliveryId> deliveries, CancellationToken cancellation)
    {
        Locked.UnionWith(deliveries.Except(Sending));
        return ValueTask.FromResult<IReadOnlyList<DeliveryId>>([.. deliveries.Intersect(Sending)]);
    }

    public ValueTask UnlockAsync(IReadOnlyList<DeliveryId> deliveries, CancellationToken cancellation)
    {
        Locked.ExceptWith(deliveries);
        return ValueTask.CompletedTask;
    }

    public ValueTask HoldAsync(IReadOnlyList<EndpointHold> holds, CancellationToken cancellation) => ValueTask.CompletedTask;
}
