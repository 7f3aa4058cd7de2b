using Hookstream.Core.Statistics;

namespace Hookstream.Storage.Sqlite.Statistics;

internal sealed class SqliteStatistics(
    GroupCommit writer, ReaderPool readers, TenantCatalog tenants, SubscriberCatalog subscribers, TimeProvider time) : IStatisticsStore
{
    // Primary key: some hundred rows, however much is delivered.
    internal const string Stored =
        """
        select width, bucket, delivered, failed, dead_letter, durations, latencies
        from statistics
        where tenant = ?1 and subscriber = ?2 and width = ?3 and bucket >= ?4
        """;

    internal const string WaitingOfSubscriber =
        "select subscriber, status from deliveries indexed by deliveries_lane where status < 2 and subscriber = ?1 limit ?2";

    internal const string WaitingOfTenant =
        "select subscriber, status from deliveries indexed by deliveries_unfinished where status < 2 and tenant = ?1 limit ?2";

    public Task AddAsync(IReadOnlyList<StatisticsRow> rows, CancellationToken cancellation) =>
        writer.WriteAsync(database =>
        {
            foreach (var row in rows)
                Add(database, row);
            return true;
        });

    public Task<StatisticsReport?> ReadAsync(TenantId tenant, SubscriberId? subscriber, CancellationToken cancellation)
    {
        SubscriberEntry? entry = null;
        if (!tenants.TryGet(tenant, out var owner) || (subscriber is { } id && !subscribers.TryGet(tenant, id, out entry)))
            return Task.FromResult<StatisticsReport?>(null);
        return readers.ReadAsync<StatisticsReport?>(
            database =>
            {
                var now = time.GetUtcNow();
                var stored = new List<(StatisticsWidth, DateTimeOffset, StatisticsFigures)>();
                foreach (var width in (StatisticsWidth[])[StatisticsWidth.Minute, StatisticsWidth.Hour])
                {
                    stored.AddRange(database.Prepare(Stored)
                        .Bind(1, owner.No).Bind(2, entry?.No ?? 0).Bind(3, (long)width).Bind(4, StatisticsReport.Since(now))
                        .ReadAll(row => ((StatisticsWidth)row.Int32(0), row.Time(1), StatisticsRows.Read(row, 2))));
                }

                var waiting = entry is null
                    ? database.Prepare(WaitingOfTenant).Bind(1, owner.No)
                    : database.Prepare(WaitingOfSubscriber).Bind(1, entry.No);
                return StatisticsReport.Of(stored, now, Count(waiting.Bind(2, WaitingCount.Most + 1)));
            },
            cancellation);
    }

    private WaitingCount Count(Statement waiting)
    {
        var counts = new Dictionary<(long Subscriber, DeliveryStatus Status), long>();
        while (waiting.Step())
        {
            var key = (waiting.Int64(0), (DeliveryStatus)waiting.Int32(1));
            counts[key] = counts.GetValueOrDefault(key) + 1;
        }

        return WaitingCount.Of([.. counts.Select(entry => (entry.Key.Subscriber, entry.Key.Status, entry.Value))], subscribers);
    }

    private void Add(DatabaseConnection database, StatisticsRow row)
    {
        if (!tenants.TryGet(row.Tenant, out var owner))
            return;
        var subscriberNo = 0L;
        if (row.Subscriber is { } id)
        {
            if (!subscribers.TryGet(row.Tenant, id, out var entry))
                return;
            subscriberNo = entry.No;
        }

        StatisticsRows.Add(
            database, owner.No, subscriberNo, StatisticsWidth.Minute, StatisticsTimes.MinuteOf(row.Minute), row.Figures);
    }
}
