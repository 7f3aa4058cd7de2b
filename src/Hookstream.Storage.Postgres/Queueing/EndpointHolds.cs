using Hookstream.Storage.Postgres.Subscribers;
using Npgsql;
using NpgsqlTypes;

namespace Hookstream.Storage.Postgres.Queueing;

/// <summary>Tells a queue apart from the store which endpoints have opened or shut, as their rows say.</summary>
internal sealed class EndpointHolds(Sessions sessions, IQueueMirror? mirror)
{
    private const string Holds =
        $"""
        select t.id, s.id, {GateConditions.ShutUntil}, s.max_in_flight, s.gate_version,
            {GateConditions.IsShut}, s.circuit_opened_at is not null, s.rate_limit_per_second
        from subscribers s
        join tenants t on t.no = s.tenant
        """;

    private const string Live = $"{Holds}\nwhere s.deleted_at is null";

    private const string Some = $"{Holds}\nwhere s.no = any ($1)";

    /// <summary>To be called after the commit of whatever changed these endpoints.</summary>
    public async ValueTask PublishAsync(IReadOnlyCollection<long> subscriberNos, CancellationToken cancellation)
    {
        if (mirror is not null && subscriberNos.Count > 0)
            await mirror.HoldAsync(await ReadAsync(sessions, subscriberNos, cancellation), cancellation);
    }

    /// <summary>The gates of these endpoints, deleted ones included; null: of all live ones.</summary>
    public static Task<List<EndpointHold>> ReadAsync(
        Sessions sessions, IReadOnlyCollection<long>? subscriberNos, CancellationToken cancellation) =>
        sessions.General.ReadAsync(
            connection => (subscriberNos is null
                    ? connection.Command(Live)
                    : connection.Command(Some).Bind(NpgsqlDbType.Array | NpgsqlDbType.Bigint, subscriberNos.ToArray()))
                .ReadAllAsync(Read, cancellation),
            cancellation);

    private static EndpointHold Read(NpgsqlDataReader row) => new(
        new TenantId(row.GetGuid(0)),
        new SubscriberId(row.GetGuid(1)),
        row.GetBoolean(5),
        row.NullableTime(2),
        row.NullableInt32(3),
        row.GetInt64(4),
        row.GetBoolean(6),
        row.NullableDouble(7));
}
