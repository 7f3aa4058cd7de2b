using Hookstream.Storage.Postgres.Replays;
using Hookstream.Storage.Postgres.Statistics;
using Microsoft.Extensions.Logging;

namespace Hookstream.Storage.Postgres.Maintenance;

/// <summary>The chores, done by one process at a time, and health.</summary>
internal sealed class PostgresMaintenance(
    Sessions sessions,
    StoreClock clock,
    TenantCatalog tenants,
    SubscriberCatalog subscribers,
    PartitionSet partitions,
    Leadership leadership,
    RetiredDays days,
    ExpiredRows rows,
    ExpiredWaiting waiting,
    CancellationBacklog cancellations,
    BulkReplay bulk,
    Recovery recovery,
    StatisticsRollUp statistics,
    ILogger logger) : IStoreMaintenance
{
    private const string Probe = "select not pg_is_in_recovery() and not current_setting('transaction_read_only')::boolean";

    // Index: unfinished_lane has all of it; the whole table is read where that is cheaper. It is what is unfinished, and nothing else.
    internal const string Unfinished =
        """
        select subscriber, count(*), min(due)
        from unfinished
        where subscriber > 0
        group by subscriber
        """;

    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(2);

    private readonly OutageNotice _outage = new();

    public async Task<StoreHealth> CheckAsync(CancellationToken cancellation)
    {
        var started = clock.GetTimestamp();
        // Not for whoever goes away while it is asked, which would cut off what is about to be answered.
        using var deadline = new CancellationTokenSource(ProbeTimeout);
        try
        {
            return await sessions.General.ReadAsync(
                async connection =>
                {
                    await using var probe = connection.Command(Probe);
                    var takesWrites = await probe.ExecuteScalarAsync(deadline.Token) is true;
                    var latency = clock.GetElapsedTime(started);
                    // Restored from before a migration, or migrated for newer programs only.
                    await SchemaMigrations.CheckAsync(connection, deadline.Token);
                    _outage.Over();
                    return new StoreHealth(takesWrites, latency);
                },
                cancellation);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            if (_outage.IsNews())
                MaintenanceLog.HealthCheckFailed(logger, exception);
            return new StoreHealth(false, clock.GetElapsedTime(started));
        }
    }

    public async Task<long> RemoveExpiredAsync(TimeSpan retention, CancellationToken cancellation)
    {
        var cutoff = clock.Now() - retention;
        var removed = 0L;
        if (!await leadership.HoldAsync(cancellation))
            return 0;
        foreach (var day in await days.AllAsync(cancellation))
        {
            // The day that the cutoff falls into goes when all of it is old: one drop instead of many deletes.
            if (PartitionSet.StartOf(day.AddDays(1)) > cutoff || !await leadership.HoldAsync(cancellation))
                break;
            if (!await days.TryRetireAsync(day, cutoff, cancellation))
                removed += await rows.RemoveAsync(day, cutoff, GoOnAsync, cancellation);
            else if (await days.RemoveAsync(day, cancellation) is { } dropped)
                removed += dropped;
            else
                break;
        }

        await rows.RemoveKeysAsync(GoOnAsync, cancellation);
        return removed;

        Task<bool> GoOnAsync() => leadership.HoldAsync(cancellation);
    }

    public async Task<int> ExpireAsync(TimeSpan maxAge, CancellationToken cancellation) =>
        await leadership.HoldAsync(cancellation) ? await waiting.RunAsync(maxAge, cancellation) : 0;

    public async Task<bool> RunBacklogAsync(CancellationToken cancellation)
    {
        if (!await leadership.HoldAsync(cancellation))
            return false;
        await partitions.EnsureAheadAsync(cancellation);
        return await cancellations.RunAsync(cancellation)
            | await bulk.RunAsync(cancellation)
            | await recovery.RunAsync(cancellation);
    }

    public async Task<bool> RollUpStatisticsAsync(CancellationToken cancellation) =>
        await leadership.HoldAsync(cancellation) && await statistics.RunAsync(cancellation);

    public async Task<Backlog?> MeasureBacklogAsync(CancellationToken cancellation)
    {
        if (!await leadership.HoldAsync(cancellation))
            return null;
        var waiting = await sessions.General.ReadAsync(
            async connection =>
            {
                var lanes = await connection.Command(Unfinished)
                    .ReadAllAsync(row => (Subscriber: row.GetInt64(0), Count: row.GetInt64(1), Due: row.Time(2)), cancellation);
                await QueueCount.RefreshAsync(connection, lanes.Sum(lane => lane.Count), cancellation);
                return lanes;
            },
            cancellation);
        return BacklogCount.Of(waiting, tenants, subscribers, clock.Now());
    }
}
