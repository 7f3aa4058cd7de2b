namespace Hookstream.Storage.Postgres.Tests.Parts;

/// <summary>A queue apart from the store that remembers what it was told.</summary>
internal sealed class RecordedMirror : IQueueMirror
{
    public List<QueuedDelivery> Enqueued { get; } = [];

    public List<DeliveryId> Removed { get; } = [];

    public HashSet<DeliveryId> Locked { get; } = [];

    /// <summary>Leases that the queue was told have ended.</summary>
    public List<Lease> Ended { get; } = [];

    /// <summary>Leases that the queue has given to somebody else.</summary>
    public HashSet<Lease> Lost { get; } = [];

    /// <summary>Endpoints of which the queue was told how their gate is.</summary>
    public List<EndpointHold> Holds { get; } = [];

    /// <summary>Runs when the queue is told of outcomes; what it throws comes after the commit.</summary>
    public Action? BeforeSettled { get; set; }

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
        ValueTask.FromResult<IReadOnlyList<Lease>>([.. leases.Where(Lost.Contains)]);

    public ValueTask SettledAsync(
        IReadOnlyList<Lease> leases, IReadOnlyList<QueuedDelivery> again, CancellationToken cancellation)
    {
        BeforeSettled?.Invoke();
        Ended.AddRange(leases);
        Enqueued.AddRange(again);
        return ValueTask.CompletedTask;
    }

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

    public ValueTask HoldAsync(IReadOnlyList<EndpointHold> holds, CancellationToken cancellation)
    {
        Holds.AddRange(holds);
        return ValueTask.CompletedTask;
    }
}
