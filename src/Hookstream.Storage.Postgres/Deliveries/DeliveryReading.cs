using System.Globalization;
using Hookstream.Core.Paging;
using Npgsql;
using NpgsqlTypes;

namespace Hookstream.Storage.Postgres.Deliveries;

/// <summary>Finds and lists deliveries, wherever they are: unfinished, or in the history.</summary>
internal sealed class DeliveryReading(Sessions sessions)
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

    private const string FindSubscriber = "select no from subscribers where id = $1 and tenant = $2";

    public Task<DeliveryDetail?> FindAsync(long tenantNo, DeliveryId id, CancellationToken cancellation) =>
        sessions.General.ReadAsync(
            async connection =>
            {
                await using var batch = new NpgsqlBatch(connection);
                batch.Add(FindOne).Bind(NpgsqlDbType.Uuid, id.Value).Bind(NpgsqlDbType.Bigint, tenantNo);
                batch.Add(AttemptRows.Of).Bind(NpgsqlDbType.Uuid, id.Value);
                await using var rows = await batch.ExecuteReaderAsync(cancellation);
                if (!await rows.ReadAsync(cancellation))
                    return null;
                var delivery = DeliveryRows.Read(rows);
                await rows.NextResultAsync(cancellation);
                return new DeliveryDetail(delivery, await rows.ReadAllAsync(AttemptRows.Read, cancellation));
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
                var (known, subscriberNo) = await SubscriberAsync(connection, tenantNo, query, cancellation);
                if (!known)
                    return new Page<Delivery>([], null);
                var listed = await ListCommand(connection, tenantNo, query, subscriberNo, page)
                    .ReadAllAsync(DeliveryRows.Read, cancellation);
                return Pages.Of(listed, page.Limit, delivery => delivery.Id.Value);
            },
            cancellation);

    /// <summary>
    /// The number of the subscriber that a query names, deleted ones included; it is looked up first, so that the planner
    /// knows it.
    /// </summary>
    public static async Task<(bool Known, long? No)> SubscriberAsync(
        NpgsqlConnection connection, long tenantNo, DeliveryQuery query, CancellationToken cancellation)
    {
        if (query.Subscriber is not { } id)
            return (true, null);
        await using var command = connection.Command(FindSubscriber).Bind(id.Value).Bind(tenantNo);
        var no = (long?)await command.ExecuteScalarAsync(cancellation);
        return (no is not null, no);
    }

    /// <summary>The read of a page and one row more.</summary>
    internal static NpgsqlCommand ListCommand(
        NpgsqlConnection connection, long tenantNo, DeliveryQuery query, long? subscriberNo, PageRequest page)
    {
        var sides = new DeliverySides(tenantNo, query, subscriberNo);
        sides.Conditions.AndIf(page.After, "d.id < ?", NpgsqlDbType.Uuid, after => after);
        var newest = string.Create(CultureInfo.InvariantCulture, $"order by d.id desc\nlimit {page.Limit + 1}");
        return sides.Conditions.Command(
            connection,
            $"""
            {DeliveryRows.Select}
            from (
            {sides.Union(DeliveryRows.Unfinished, DeliveryRows.Finished, joined: false, newest)}
            ) d
            join subscribers s on s.no = d.subscriber
            {newest}
            """);
    }
}
