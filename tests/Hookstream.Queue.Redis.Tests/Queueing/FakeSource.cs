using Hookstream.Core.Lanes;
using System.Collections.Concurrent;

namespace Hookstream.Queue.Redis.Tests.Queueing;

/// <summary>A store that says what a test puts into it.</summary>
internal sealed class FakeSource : IQueueSource
{
    private int _laneReads;
    private int _laneRows;
    private int _pages;

    public ConcurrentDictionary<DeliveryId, QueuedDelivery> Rows { get; } = new();

    public ConcurrentDictionary<SubscriberId, EndpointHold> Holds { get; } = new();

    /// <summary>Runs after a page was read, and before the queue sees it.</summary>
    public Func<Task>? AfterRead { get; set; }

    public int LaneReads => _laneReads;

    /// <summary>Rows that were read to top up lanes.</summary>
    public int LaneRows => _laneRows;

    public int Pages => _pages;

    public void Add(IEnumerable<QueuedDelivery> deliveries)
    {
        foreach (var delivery in deliveries)
            Rows[delivery.Id] = delivery;
    }

    public async Task<IReadOnlyList<QueuedDelivery>> ReadUnfinishedAsync(
        DeliveryId? after, int limit, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _pages);
        QueuedDelivery[] page =
        [
            .. Rows.Values.Where(row => after is null || row.Id.Value.CompareTo(after.Value.Value) > 0)
                .OrderBy(row => row.Id.Value)
                .Take(limit),
        ];
        if (AfterRead is { } hook)
            await hook();
        return page;
    }

    public async Task<IReadOnlyList<QueuedDelivery>> ReadLaneAsync(
        SubscriberId subscriber, int laneClass, LanePosition after, int limit, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _laneReads);
        QueuedDelivery[] rows =
        [
            .. Rows.Values.Where(row => row.Subscriber == subscriber && row.Class == laneClass && IsAfter(row, after))
                .OrderBy(row => row.Due)
                .ThenBy(row => row.Id.Value)
                .Take(limit),
        ];
        Interlocked.Add(ref _laneRows, rows.Length);
        if (AfterRead is { } hook)
            await hook();
        return rows;
    }

    private static bool IsAfter(QueuedDelivery row, LanePosition position)
    {
        var due = row.Due.ToUnixTimeMilliseconds();
        return due > position.Due || (due == position.Due && row.Id.Value.CompareTo(position.Id) > 0);
    }

    public Task<IReadOnlyList<EndpointHold>> ReadHoldsAsync(CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<EndpointHold>>([.. Holds.Values]);
}
