using Hookstream.Core.Retries;
using Hookstream.Storage.Sqlite.OperationalEvents;
using Hookstream.Storage.Sqlite.Queueing;
using Hookstream.Storage.Sqlite.Replays;
using Hookstream.Storage.Sqlite.Statistics;
using Microsoft.Extensions.Logging;

namespace Hookstream.Storage.Sqlite.Maintenance;

internal sealed class SqliteMaintenance(
    GroupCommit writer,
    ReaderPool readers,
    TenantCatalog tenants,
    SubscriberCatalog subscribers,
    LaneSet lanes,
    CancellationBacklog cancellations,
    BulkReplay bulk,
    Recovery recovery,
    Func<OperationalEventWriter> operational,
    StatisticsRollUp statistics,
    TimeProvider time,
    ILogger logger) : IStoreMaintenance
{
    private const int Chunk = 500;

    // The lanes are told of everything as it happens; this finds what they might have missed all the same.
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(30);

    // Ids sort by time: what is old is a range of the primary key. What is unfinished, or was replayed, stays.
    internal const string OldDeliveries =
        """
        select id
        from deliveries
        where tenant = ?1 and id > ?2 and id < ?3 and status >= 2 and finished_at < ?4
        order by id
        limit ?5
        """;

    // Asked again: it may have been replayed since it was read, and have ended anew.
    private const string DeleteDelivery =
        "delete from deliveries where tenant = ?1 and id = ?2 and status >= 2 and finished_at < ?3";

    // Index: deliveries_event.
    internal const string OldEvents =
        """
        select id
        from events
        where tenant = ?1 and id > ?2 and id < ?3
            and not exists (select 1 from deliveries d where d.tenant = events.tenant and d.event = events.id)
        order by id
        limit ?4
        """;

    // Index: deliveries_event. Asked again: it may have been replayed since it was read.
    internal const string DeleteEvent =
        """
        delete from events
        where tenant = ?1 and id = ?2
            and not exists (select 1 from deliveries d where d.tenant = ?1 and d.event = ?2)
        """;

    internal const string OldKeys =
        """
        delete from idempotency_keys
        where (tenant, key) in (select tenant, key from idempotency_keys where expires_at <= ?1 limit ?2)
        """;

    // Index: deliveries_lane.
    internal const string WaitingTooLong =
        """
        select tenant, id
        from deliveries
        where subscriber = ?1 and status < 2 and waiting_since < ?2 and due < ?4
        limit ?3
        """;

    private const string Expire =
        """
        update deliveries
        set status = 3, version = version + 1, error_code = ?3, error_message = ?4, finished_at = ?5
        where tenant = ?1 and id = ?2 and status < 2
        """;

    // Index: deliveries_lane, all of it, which is what is unfinished.
    internal const string Unfinished =
        """
        select subscriber, count(*), min(due)
        from deliveries indexed by deliveries_lane
        where status < 2
        group by subscriber
        """;

    private const string Probe = "insert or replace into meta (name, value) values ('health', ?1)";

    private long _refreshedAt = time.GetTimestamp();

    private readonly OutageNotice _outage = new();

    public async Task<int> ExpireAsync(TimeSpan maxAge, CancellationToken cancellation)
    {
        var now = time.Now();
        var before = now - maxAge;
        // A person's waiting does not count. Behind a rate limit what is old is looked for among what is long overdue alone.
        var endpoints = subscribers.HeldBack()
            .Where(entry => entry.Subscriber.Gate is { Status: SubscriberStatus.Active } gate && gate.OpenedAt < before)
            .ToList();
        if (endpoints.Count == 0)
            return 0;
        var old = await readers.ReadAsync(
            database => endpoints
                .SelectMany(entry => database.Prepare(WaitingTooLong)
                    .Bind(1, entry.No)
                    .Bind(2, before)
                    .Bind(3, Chunk)
                    .Bind(4, entry.Subscriber.Gate.Circuit.IsOpen ? DateTimeOffset.MaxValue : before)
                    .ReadAll(row => (Tenant: row.Int64(0), Id: row.Guid(1))))
                .Take(Chunk)
                .ToList(),
            cancellation);
        if (old.Count == 0)
            return 0;
        var error = RetryPolicy.Expired(maxAge);
        var told = operational();
        return await writer.WriteAsync(
            database =>
            {
                told.Clear();
                return old.Count(row => ExpireOne(database, row.Tenant, row.Id));
            },
            _ => told.Committed());

        bool ExpireOne(DatabaseConnection database, long tenant, Guid id)
        {
            var expired = database.Prepare(Expire)
                .Bind(1, tenant)
                .Bind(2, id)
                .Bind(3, error.Code)
                .Bind(4, error.Message)
                .Bind(5, now)
                .Run() == 1;
            if (expired)
                told.DeadLettered(database, tenant, new DeliveryId(id), now);
            return expired;
        }
    }

    public async Task<StoreHealth> CheckAsync(CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        try
        {
            await readers.ReadAsync(
                database => database.Prepare("select count(*) from meta").Scalar(row => row.Int64(0)), cancellation);
            // Nobody may be writing any more, because this said that it is down: it finds out itself when that is over.
            if (writer.IsFailing)
                await writer.WriteAsync(database => database.Prepare(Probe).Bind(1, time.NowMilliseconds()).Run());
            _outage.Over();
            return new StoreHealth(true, time.GetElapsedTime(started));
        }
        catch (StoreUnavailableException exception)
        {
            if (_outage.IsNews())
                Log.HealthCheckFailed(logger, exception);
            return new StoreHealth(false, time.GetElapsedTime(started));
        }
    }

    public async Task<long> RemoveExpiredAsync(TimeSpan retention, CancellationToken cancellation)
    {
        var cutoff = time.Now() - retention;
        var removed = 0L;
        // Deleted tenants included: what they left goes with time.
        var tenants = await readers.ReadAsync(
            database => database.Prepare("select no from tenants").ReadAll(row => row.Int64(0)), cancellation);
        foreach (var tenant in tenants)
        {
            removed += await RemoveAsync(
                (database, after) => database.Prepare(OldDeliveries)
                    .Bind(1, tenant)
                    .Bind(2, after)
                    .Bind(3, TimeBounds.FirstIdAt(cutoff))
                    .Bind(4, cutoff)
                    .Bind(5, Chunk)
                    .ReadAll(row => row.Guid(0)),
                (database, id) =>
                {
                    if (database.Prepare(DeleteDelivery).Bind(1, tenant).Bind(2, id).Bind(3, cutoff).Run() == 1)
                        database.Prepare("delete from attempts where delivery = ?1").Bind(1, id).Run();
                },
                cancellation);
            removed += await RemoveAsync(
                (database, after) => database.Prepare(OldEvents)
                    .Bind(1, tenant)
                    .Bind(2, after)
                    .Bind(3, TimeBounds.FirstIdAt(cutoff))
                    .Bind(4, Chunk)
                    .ReadAll(row => row.Guid(0)),
                (database, id) => database.Prepare(DeleteEvent).Bind(1, tenant).Bind(2, id).Run(),
                cancellation);
        }

        while (await writer.WriteAsync(
            database => database.Prepare(OldKeys).Bind(1, time.Now()).Bind(2, Chunk).Run()) == Chunk)
            cancellation.ThrowIfCancellationRequested();
        return removed;
    }

    public async Task<bool> RunBacklogAsync(CancellationToken cancellation)
    {
        if (time.GetElapsedTime(_refreshedAt) >= RefreshInterval)
        {
            _refreshedAt = time.GetTimestamp();
            await readers.ReadAsync(database => LaneRows.Refresh(database, subscribers, lanes), cancellation);
        }

        return await cancellations.RunAsync(cancellation)
            | await bulk.RunAsync(cancellation)
            | await recovery.RunAsync(cancellation);
    }

    public Task<bool> RollUpStatisticsAsync(CancellationToken cancellation) => statistics.RunAsync(cancellation);

    public async Task<Backlog?> MeasureBacklogAsync(CancellationToken cancellation)
    {
        var waiting = await readers.ReadAsync(
            database => database.Prepare(Unfinished).ReadAll(row => (row.Int64(0), row.Int64(1), row.Time(2))), cancellation);
        return BacklogCount.Of(waiting, tenants, subscribers, time.Now());
    }

    // Reads a chunk, then deletes it through the writer, between other operations. What is replayed between the two
    // stays.
    private async Task<long> RemoveAsync(
        Func<DatabaseConnection, Guid, List<Guid>> readChunk,
        Action<DatabaseConnection, Guid> delete,
        CancellationToken cancellation)
    {
        var after = Guid.Empty;
        var removed = 0L;
        while (true)
        {
            var seen = after;
            var chunk = await readers.ReadAsync(database => readChunk(database, seen), cancellation);
            if (chunk.Count == 0)
                return removed;
            await writer.WriteAsync(database =>
            {
                chunk.ForEach(id => delete(database, id));
                return chunk.Count;
            });
            removed += chunk.Count;
            after = chunk[^1];
        }
    }
}
