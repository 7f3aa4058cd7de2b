using System.Globalization;
using Hookstream.Core.Paging;
using Npgsql;
using NpgsqlTypes;

namespace Hookstream.Storage.Postgres.Deliveries;

/// <summary>Finds and lists deliveries, wherever they are: unfinished, or in the history.</summary>
internal sealed class DeliveryReading(Sessions sessions, StoreClock clock)
{
    // Primary keys, of one partition.
    internal const string FindOne =
        $"""
        {DeliveryRows.Select}
        from (
            select {DeliveryRows.Unfinished}
            from unfinished d
            where d.id = $1 and d.tenant = $2
            union all
            select {DeliveryRows.Finished}
            from deliveries d
            where d.id = $1 and d.tenant = $2
        ) d
        join subscribers s on s.no = d.subscriber
        """;

    // Indexes: unfinished_event, deliveries_event of the event's day and later ones.
    internal const string OfEvent =
        $"""
        {DeliveryRows.Select}
        from (
            select {DeliveryRows.Unfinished}
            from unfinished d
            where d.event = $1 and d.tenant = $2
            union all
            select {DeliveryRows.Finished}
            from deliveries d
            where d.event = $1 and d.tenant = $2 and d.id >= $3
        ) d
        join subscribers s on s.no = d.subscriber
        order by d.id
        """;

    public Task<DeliveryDetail?> FindAsync(long tenantNo, DeliveryId id, CancellationToken cancellation) =>
        sessions.General.ReadAsync(
            async connection =>
            {
                await using var batch = new NpgsqlBatch(connection);
                batch.Add(FindOne).Bind(NpgsqlDbType.Uuid, id.Value).Bind(NpgsqlDbType.Bigint, tenantNo);
                batch.Add(AttemptRows.Of).Bind(NpgsqlDbType.Uuid, id.Value);
                await using var rows = await batch.ExecuteReaderAsync(CancellationToken.None);
                if (!await rows.ReadAsync(CancellationToken.None))
                    return null;
                var delivery = DeliveryRows.Read(rows);
                await rows.NextResultAsync(CancellationToken.None);
                return new DeliveryDetail(delivery, await rows.ReadAllAsync(AttemptRows.Read));
            },
            cancellation);

    public Task<IReadOnlyList<DeliveryDetail>> OfEventAsync(long tenantNo, EventId id, CancellationToken cancellation) =>
        sessions.General.ReadAsync<IReadOnlyList<DeliveryDetail>>(
            async connection =>
            {
                var deliveries = await connection.Command(OfEvent)
                    .Bind(id.Value)
                    .Bind(tenantNo)
                    .Bind(DeliverySides.FirstOf(id))
                    .ReadAllAsync(DeliveryRows.Read, cancellation);
                if (deliveries.Count == 0)
                    return [];
                var attempts = (await connection.Command(AttemptRows.OfAll)
                    .Bind([.. deliveries.Select(delivery => delivery.Id.Value)])
                    .ReadAllAsync(row => (Of: AttemptRows.DeliveryOf(row), Attempt: AttemptRows.Read(row)), cancellation))
                    .ToLookup(row => row.Of, row => row.Attempt);
                return deliveries.ConvertAll(delivery => new DeliveryDetail(delivery, [.. attempts[delivery.Id]]));
            },
            cancellation);

    public Task<Page<Delivery>> ListAsync(
        long tenantNo, DeliveryQuery query, PageRequest page, CancellationToken cancellation) =>
        sessions.General.ReadAsync(
            async connection =>
            {
                if (await DeliveryScope.FindAsync(connection, tenantNo, query, cancellation) is not { } scope)
                    return new Page<Delivery>([], null);
                // Most pages are full of what is recent: with few partitions to plan for, that costs a fraction.
                if (RecentFloor(query, page) is { } floor)
                {
                    var recent = await ReadAsync(ListCommand(connection, scope, page, floor), cancellation);
                    if (recent.Count > page.Limit)
                        return Pages.Of(recent, page.Limit, delivery => delivery.Id.Value);
                }

                var listed = await ReadAsync(ListCommand(connection, scope, page), cancellation);
                return Pages.Of(listed, page.Limit, delivery => delivery.Id.Value);
            },
            cancellation);

    /// <summary>The read of a page and one row more; null when nothing can match.</summary>
    /// <param name="connection">Where.</param>
    /// <param name="scope">Which.</param>
    /// <param name="page">The page.</param>
    /// <param name="floor">No older ones than this.</param>
    internal static NpgsqlCommand? ListCommand(
        NpgsqlConnection connection, DeliveryScope scope, PageRequest page, Guid? floor = null)
    {
        var sides = new DeliverySides(scope);
        sides.Conditions
            .AndIf(page.After, "d.id < ?", NpgsqlDbType.Uuid, after => after)
            .AndIf(floor, "d.id >= ?", NpgsqlDbType.Uuid, oldest => oldest);
        var newest = string.Create(CultureInfo.InvariantCulture, $"order by d.id desc\nlimit {page.Limit + 1}");
        if (sides.Union(DeliveryRows.Unfinished, DeliveryRows.Finished, joined: false, newest) is not { } union)
            return null;
        return sides.Conditions.Command(
            connection,
            $"""
            {DeliveryRows.Select}
            from (
            {union}
            ) d
            join subscribers s on s.no = d.subscriber
            {newest}
            """);
    }

    // The day before the page's newest; null where the query reads few days anyway.
    private Guid? RecentFloor(DeliveryQuery query, PageRequest page)
    {
        if (query.Event is not null)
            return null;
        var newest = page.After is { } after ? TimeBounds.TimeOf(after) : clock.GetUtcNow();
        if (query.Until is { } until && until < newest)
            newest = until;
        var floor = PartitionSet.DayOf(newest).AddDays(-1);
        return query.Since is { } since && PartitionSet.DayOf(since) >= floor ? null : PartitionSet.FirstIdOf(floor);
    }

    private static async Task<List<Delivery>> ReadAsync(NpgsqlCommand? command, CancellationToken cancellation) =>
        command is null ? [] : await command.ReadAllAsync(DeliveryRows.Read, cancellation);
}
