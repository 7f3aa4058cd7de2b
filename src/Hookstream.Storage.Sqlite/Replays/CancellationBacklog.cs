using System.Collections.Concurrent;
using Hookstream.Storage.Sqlite.Queueing;

namespace Hookstream.Storage.Sqlite.Replays;

/// <summary>
/// Cancels, in chunks, what was pending at endpoints that were deleted or disabled. Until that is done their deliveries
/// read as cancelled and are not claimed; what is in flight is left to end.
/// </summary>
internal sealed class CancellationBacklog(
    GroupCommit writer, SubscriberCatalog subscribers, LeaseTable leases, TimeProvider time)
{
    private const int Chunk = 500;

    // Index: deliveries_lane. What is leased stays, so read past it.
    internal const string Pending =
        """
        select tenant, id
        from deliveries indexed by deliveries_lane
        where subscriber = ?1 and status < 2
        limit ?2
        """;

    private readonly ConcurrentDictionary<long, SubscriberEntry?> _endpoints = new();

    /// <summary>True when some deliveries read as cancelled that are not written so yet.</summary>
    public bool IsBusy => !_endpoints.IsEmpty;

    /// <summary>Takes up an endpoint whose row says that it is being cancelled.</summary>
    public void Add(SubscriberEntry entry) => _endpoints[entry.No] = entry;

    /// <summary>Takes up what an earlier process left, deleted endpoints included.</summary>
    public void Load(DatabaseConnection database)
    {
        var rows = database.Prepare("select no from subscribers where cancelling = 1");
        while (rows.Step())
        {
            var no = rows.Int64(0);
            _endpoints[no] = subscribers.TryGet(no, out var entry) ? entry : null;
        }
    }

    /// <summary>Cancels the next chunk; true when there is more that can be done now.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellation)
    {
        foreach (var (no, entry) in _endpoints)
        {
            cancellation.ThrowIfCancellationRequested();
            if (await CancelChunkAsync(no, entry) == ChunkOutcome.More)
                return true;
        }

        return false;
    }

    /// <summary>Cancels all that an endpoint has pending, before it is enabled again.</summary>
    public async Task FinishAsync(SubscriberEntry entry, CancellationToken cancellation)
    {
        while (_endpoints.ContainsKey(entry.No))
        {
            cancellation.ThrowIfCancellationRequested();
            if (await CancelChunkAsync(entry.No, entry) == ChunkOutcome.Waiting)
                await Task.Delay(TimeSpan.FromMilliseconds(20), time, cancellation);
        }
    }

    private Task<ChunkOutcome> CancelChunkAsync(long no, SubscriberEntry? entry)
    {
        return writer.WriteAsync(
            database => CancelChunk(database, no, entry),
            outcome =>
            {
                if (outcome != ChunkOutcome.Done)
                    return;
                _endpoints.TryRemove(no, out _);
                entry?.Cancelling = false;
            });
    }

    private ChunkOutcome CancelChunk(DatabaseConnection database, long no, SubscriberEntry? entry)
    {
        var pending = database.Prepare(Pending)
            .Bind(1, no)
            .Bind(2, Chunk + (entry?.Lane.Leased ?? 0))
            .ReadAll(row => (Tenant: row.Int64(0), Id: new DeliveryId(row.Guid(1))));
        var free = pending.Where(delivery => !leases.IsLeased(delivery.Id)).ToList();
        var error = entry is { Deleted: false } ? DeliveryErrors.SubscriberDisabled : DeliveryErrors.SubscriberDeleted;
        foreach (var (tenant, id) in free)
            ReplayRows.Cancel(database, tenant, id, time.Now(), error);
        if (pending.Count == 0)
        {
            database.Prepare("update subscribers set cancelling = 0 where no = ?1").Bind(1, no).Run();
            return ChunkOutcome.Done;
        }

        return free.Count > 0 ? ChunkOutcome.More : ChunkOutcome.Waiting;
    }

    private enum ChunkOutcome
    {
        /// <summary>Nothing is pending any more.</summary>
        Done,

        /// <summary>There may be more to cancel.</summary>
        More,

        /// <summary>Only what is in flight is left.</summary>
        Waiting,
    }
}
