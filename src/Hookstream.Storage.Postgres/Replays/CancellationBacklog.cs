using Hookstream.Storage.Postgres.Catalogs;
using Hookstream.Storage.Postgres.Queueing;
using NpgsqlTypes;

namespace Hookstream.Storage.Postgres.Replays;

/// <summary>
/// Cancels, in chunks, what was pending at endpoints that were deleted or disabled. Until that is done their deliveries
/// read as cancelled and are not claimed; what is in flight is left to end.
/// </summary>
internal sealed class CancellationBacklog(
    Sessions sessions,
    StoreClock clock,
    DeliveryChanges changes,
    SubscriberCatalog subscribers,
    LaneSet lanes,
    INotifier notifier)
{
    internal const int Chunk = 500;

    // Index: subscribers_cancelling.
    private const string Endpoints =
        """
        select no, tenant, deleted_at, coalesce(deleted_at, cancelling_since, updated_at)
        from subscribers
        where cancelling and ($1::bigint is null or no = $1)
        order by no
        """;

    // Index: unfinished_lane.
    internal const string Pending =
        """
        select id, version
        from unfinished
        where subscriber = $1 and (lease_until is null or lease_until <= coalesce($2, statement_timestamp()))
        limit $3
        """;

    // An append that matched a deleted endpoint may still be committing: it is waited for.
    private const string End =
        """
        update subscribers
        set cancelling = false, cancelling_since = null
        where no = $1 and cancelling
            and not exists (select 1 from unfinished where subscriber = $1)
            and (deleted_at is null
                or coalesce(cancelling_since, deleted_at) <= coalesce($2, statement_timestamp()) - interval '60 seconds')
        """;

    /// <summary>Cancels the next chunk; true when there is more that can be done now.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellation)
    {
        foreach (var endpoint in await EndpointsAsync(null, cancellation))
        {
            if (await CancelChunkAsync(endpoint, cancellation) == ChunkOutcome.More)
                return true;
        }

        return false;
    }

    /// <summary>Cancels all that an endpoint has pending, before it is enabled again.</summary>
    public async Task FinishAsync(long subscriberNo, CancellationToken cancellation)
    {
        while (await EndpointsAsync(subscriberNo, cancellation) is [var endpoint])
        {
            if (await CancelChunkAsync(endpoint, cancellation) == ChunkOutcome.Waiting)
                await Task.Delay(TimeSpan.FromMilliseconds(20), clock, cancellation);
        }
    }

    private Task<List<Endpoint>> EndpointsAsync(long? subscriberNo, CancellationToken cancellation) =>
        sessions.General.ReadAsync(
            connection => connection.Command(Endpoints)
                .Bind(NpgsqlDbType.Bigint, subscriberNo)
                .ReadAllAsync(
                    row => new Endpoint(row.GetInt64(0), row.GetInt64(1), !row.IsDBNull(2), row.Time(3)), cancellation),
            cancellation);

    private async Task<ChunkOutcome> CancelChunkAsync(Endpoint endpoint, CancellationToken cancellation)
    {
        var error = endpoint.Deleted ? DeliveryErrors.SubscriberDeleted : DeliveryErrors.SubscriberDisabled;
        for (var limit = Chunk; ; limit *= 2)
        {
            var pending = await PendingAsync(endpoint.No, limit, cancellation);
            if (pending.Count == 0)
                return await EndAsync(endpoint, cancellation) ? ChunkOutcome.Done : ChunkOutcome.Waiting;
            var changed = await changes.ChangeAsync(
                endpoint.TenantNo,
                [.. pending.Keys],
                // What was replayed or claimed since it was read is not what was pending.
                row => row.InFlight || row.Ended || row.Version != pending[row.Id] ? null : new Change.Cancel(error, endpoint.Since),
                also: null,
                cancellation);
            if (changed.Any(change => change.Change is not null))
                return ChunkOutcome.More;
            // All of it is in flight; there may be others behind it.
            if (pending.Count < limit)
                return ChunkOutcome.Waiting;
        }
    }

    private Task<Dictionary<DeliveryId, long>> PendingAsync(long subscriberNo, int limit, CancellationToken cancellation) =>
        sessions.General.ReadAsync(
            async connection => (await connection.Command(Pending)
                .Bind(subscriberNo)
                .BindNow(clock)
                .Bind(limit)
                .ReadAllAsync(row => (Id: new DeliveryId(row.GetGuid(0)), Version: row.GetInt64(1)), cancellation))
                .ToDictionary(row => row.Id, row => row.Version),
            cancellation);

    private async Task<bool> EndAsync(Endpoint endpoint, CancellationToken cancellation)
    {
        var ended = await sessions.General.ChangeAsync(
            async connection =>
            {
                if (await connection.Command(End).Bind(endpoint.No).BindNow(clock).RunAsync(cancellation) == 0)
                    return false;
                await TenantVersion.MoveAsync(connection, [endpoint.TenantNo], clock, cancellation);
                return true;
            },
            cancellation);
        if (ended && !endpoint.Deleted)
        {
            notifier.CatalogChanged(endpoint.TenantNo);
            if (subscribers.TryGet(endpoint.No, out var entry))
            {
                entry.Cancelling = false;
                lanes.GateChanged(entry.Lane);
            }
        }

        return ended;
    }

    private enum ChunkOutcome
    {
        /// <summary>Nothing is pending any more.</summary>
        Done,

        /// <summary>There may be more to cancel.</summary>
        More,

        /// <summary>Only what is in flight, or may still be committing, is left.</summary>
        Waiting,
    }

    /// <summary>An endpoint whose deliveries read as cancelled, and since when.</summary>
    private sealed record Endpoint(long No, long TenantNo, bool Deleted, DateTimeOffset Since);
}
