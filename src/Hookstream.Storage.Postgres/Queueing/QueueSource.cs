using Npgsql;
using NpgsqlTypes;

namespace Hookstream.Storage.Postgres.Queueing;

/// <summary>What waits, for a queue apart from the store.</summary>
internal sealed class QueueSource(Sessions sessions) : IQueueSource
{
    // Primary key. What waits at a deleted endpoint is about to be cancelled.
    internal const string Unfinished =
        $"""
        {Columns}
        where u.id > $1 and s.deleted_at is null
        order by u.id
        limit $2
        """;

    // Index: unfinished_lane.
    internal const string OfLane =
        $"""
        {Columns}
        where u.subscriber = (select no from subscribers where id = $1 and deleted_at is null) and u.class = $2
            and (u.due, u.id) > ($3, $4)
        order by u.due, u.id
        limit $5
        """;

    // Primary key. Materialized, or the joins would let the other indexes be read.
    internal const string Some =
        $"""
        with waiting as materialized (select * from unfinished where id = any ($1))
        {Selected}
        from waiting u
        {Named}
        where s.deleted_at is null
        """;

    private const string Columns =
        $"""
        {Selected}
        from unfinished u
        {Named}
        """;

    private const string Selected = "select u.id, t.id, s.id, u.class, u.due, u.version";

    private const string Named = "join subscribers s on s.no = u.subscriber join tenants t on t.no = u.tenant";

    public async Task<IReadOnlyList<QueuedDelivery>> ReadUnfinishedAsync(
        DeliveryId? after, int limit, CancellationToken cancellation) =>
        await sessions.Hot.ReadAsync(
            connection => connection.Command(Unfinished)
                .Bind(after?.Value ?? Guid.Empty)
                .Bind(limit)
                .ReadAllAsync(Read, cancellation),
            cancellation);

    public async Task<IReadOnlyList<QueuedDelivery>> ReadLaneAsync(
        SubscriberId subscriber, int laneClass, LanePosition after, int limit, CancellationToken cancellation) =>
        await sessions.Hot.ReadAsync(
            connection => connection.Command(OfLane)
                .Bind(subscriber.Value)
                .Bind(NpgsqlDbType.Smallint, (short)laneClass)
                .Bind(NpgsqlDbType.TimestampTz, after.DueTime)
                .Bind(after.Id)
                .Bind(limit)
                .ReadAllAsync(Read, cancellation),
            cancellation);

    /// <summary>Those of these deliveries that wait.</summary>
    public Task<List<QueuedDelivery>> ReadAsync(Guid[] deliveries, CancellationToken cancellation) =>
        sessions.Hot.ReadAsync(
            connection => connection.Command(Some).Bind(deliveries).ReadAllAsync(Read, cancellation), cancellation);

    public async Task<IReadOnlyList<EndpointHold>> ReadHoldsAsync(CancellationToken cancellation) =>
        await EndpointHolds.ReadAsync(sessions, null, cancellation);

    private static QueuedDelivery Read(NpgsqlDataReader row) => new(
        new DeliveryId(row.GetGuid(0)),
        new TenantId(row.GetGuid(1)),
        new SubscriberId(row.GetGuid(2)),
        row.GetInt16(3),
        row.Time(4),
        row.GetInt64(5));
}
