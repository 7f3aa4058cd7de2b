using Hookstream.Core.Statistics;
using Npgsql;

namespace Hookstream.Storage.Postgres.Statistics;

internal sealed class PostgresStatistics(
    Sessions sessions, TenantCatalog tenants, SubscriberCatalog subscribers, StoreClock clock) : IStatisticsStore
{
    private const string FindSubscriber = "select no from subscribers where id = $1 and tenant = $2 and deleted_at is null";

    // Primary key: some hundred rows, however much is delivered.
    internal const string Stored =
        $"""
        select {StatisticsRows.Columns}
        from statistics
        where tenant = $1 and subscriber = $2 and bucket >= $3
        """;

    // Index: unfinished_lane.
    internal const string WaitingOfSubscriber =
        """
        select subscriber, status, count(*)
        from (select subscriber, status from unfinished where subscriber = $1 limit $2) waiting
        group by subscriber, status
        """;

    // Index: unfinished_tenant.
    internal const string WaitingOfTenant =
        """
        select subscriber, status, count(*)
        from (select subscriber, status from unfinished where tenant = $1 limit $2) waiting
        group by subscriber, status
        """;

    public async Task AddAsync(IReadOnlyList<StatisticsRow> rows, CancellationToken cancellation)
    {
        var known = rows.Select(Locate).OfType<StoredFigures>().ToList();
        if (known.Count == 0)
            return;
        await sessions.General.ChangeAsync(
            async connection =>
            {
                await StatisticsRows.AddAsync(connection, known, cancellation);
                return true;
            },
            cancellation);
    }

    public async Task<StatisticsReport?> ReadAsync(TenantId tenant, SubscriberId? subscriber, CancellationToken cancellation) =>
        tenants.TryGet(tenant, out var owner)
            ? await sessions.General.ReadAsync(connection => ReadAsync(connection, owner.No, subscriber, cancellation), cancellation)
            : null;

    internal static NpgsqlCommand WaitingCommand(NpgsqlConnection connection, string sql, long no) =>
        connection.Command(sql).Bind(no).Bind(WaitingCount.Most + 1L);

    private async Task<StatisticsReport?> ReadAsync(
        NpgsqlConnection connection, long tenantNo, SubscriberId? subscriber, CancellationToken cancellation)
    {
        var subscriberNo = 0L;
        if (subscriber is { } id)
        {
            var find = connection.Command(FindSubscriber).Bind(id.Value).Bind(tenantNo);
            if (await find.ReadValueAsync(cancellation) is not long no)
                return null;
            subscriberNo = no;
        }

        var now = clock.GetUtcNow();
        var stored = await connection.Command(Stored).Bind(tenantNo).Bind(subscriberNo).Bind(StatisticsReport.Since(now))
            .ReadAllAsync(StatisticsRows.Read, cancellation);
        var waiting = await (subscriber is null
                ? WaitingCommand(connection, WaitingOfTenant, tenantNo)
                : WaitingCommand(connection, WaitingOfSubscriber, subscriberNo))
            .ReadAllAsync(row => (row.GetInt64(0), (DeliveryStatus)row.GetInt16(1), row.GetInt64(2)), cancellation);
        return StatisticsReport.Of(
            stored.Select(row => (row.Width, row.Begin, row.Figures)), now, WaitingCount.Of(waiting, subscribers));
    }

    private StoredFigures? Locate(StatisticsRow row)
    {
        if (!tenants.TryGet(row.Tenant, out var owner))
            return null;
        var subscriberNo = 0L;
        if (row.Subscriber is { } id)
        {
            if (!subscribers.TryGet(row.Tenant, id, out var entry))
                return null;
            subscriberNo = entry.No;
        }

        return new StoredFigures(owner.No, subscriberNo, StatisticsWidth.Minute, StatisticsTimes.MinuteOf(row.Minute), row.Figures);
    }
}
