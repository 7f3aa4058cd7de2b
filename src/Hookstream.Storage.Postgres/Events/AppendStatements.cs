using Npgsql;
using NpgsqlTypes;

namespace Hookstream.Storage.Postgres.Events;

/// <summary>The statements that write a group of appends: arrays for columns, all in one round trip and one transaction.</summary>
internal static class AppendStatements
{
    // First of its transaction: what is written after it is due after the time that it tells.
    private const string Assert = "select assert_versions($1, $2), date_trunc('milliseconds', coalesce($3, statement_timestamp()))";

    private const string InsertEvents =
        """
        insert into events (id, tenant, type, payload, idempotency_key, priority, "timestamp", created_at, trace_context)
        select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """;

    private const string InsertDeliveries =
        """
        insert into unfinished (id, tenant, event, event_type, subscriber, status, class, due, waiting_since, created_at)
        select d.id, d.tenant, d.event, d.event_type, d.subscriber, 0, d.class,
            date_trunc('milliseconds', coalesce($9, statement_timestamp())) + d.delay, d.created_at, d.created_at
        from unnest($1, $2, $3, $4, $5, $6, $7, $8)
            as d (id, tenant, event, event_type, subscriber, class, delay, created_at)
        """;

    // Keys in one order in every transaction, or two with the same keys in opposite orders would wait for each other. A key
    // that another transaction is about to commit is waited for. What lost its key is not stored.
    private const string InsertKeyed =
        """
        with won as (
            insert into idempotency_keys (tenant, key_hash, event, content_hash, enqueued_count, expires_at)
            select o.tenant, o.key_hash, o.event, o.content_hash, o.enqueued_count, o.expires_at
            from unnest($1, $2, $3, $4, $5, $6) as o (tenant, key_hash, event, content_hash, enqueued_count, expires_at)
            order by o.tenant, o.key_hash
            on conflict (tenant, key_hash) do update
            set event = excluded.event, content_hash = excluded.content_hash, enqueued_count = excluded.enqueued_count,
                expires_at = excluded.expires_at
            where idempotency_keys.expires_at <= coalesce($7, statement_timestamp())
            returning event
        ),
        stored as (
            insert into events (id, tenant, type, payload, idempotency_key, priority, "timestamp", created_at, trace_context)
            select e.*
            from unnest($8, $9, $10, $11, $12, $13, $14, $15, $16)
                as e (id, tenant, type, payload, idempotency_key, priority, "timestamp", created_at, trace_context)
            where e.idempotency_key is null or e.id in (select event from won)
            returning id
        )
        insert into unfinished (id, tenant, event, event_type, subscriber, status, class, due, waiting_since, created_at)
        select d.id, d.tenant, d.event, d.event_type, d.subscriber, 0, d.class,
            date_trunc('milliseconds', coalesce($7, statement_timestamp())) + d.delay, d.created_at, d.created_at
        from unnest($17, $18, $19, $20, $21, $22, $23, $24)
            as d (id, tenant, event, event_type, subscriber, class, delay, created_at)
        where d.event in (select id from stored)
        """;

    private const string ReadKeys =
        """
        select o.position, k.event, k.content_hash, k.enqueued_count
        from unnest($1, $2, $3) as o (position, tenant, key_hash)
        join idempotency_keys k on k.tenant = o.tenant and k.key_hash = o.key_hash
        """;

    /// <summary>Fails the batch when a tenant's subscribers are not those that its events were matched against.</summary>
    public static void AddAssert(NpgsqlBatch batch, IReadOnlyList<PreparedAppend> appends, StoreClock clock)
    {
        var versions = new Dictionary<long, long>();
        foreach (var append in appends)
            versions[append.TenantNo] = append.MatchedVersion;
        batch.Add(Assert)
            .Bind(NpgsqlDbType.Array | NpgsqlDbType.Bigint, versions.Keys.ToArray())
            .Bind(NpgsqlDbType.Array | NpgsqlDbType.Bigint, versions.Values.ToArray())
            .BindNow(clock);
    }

    /// <summary>Writes appends without idempotency keys.</summary>
    public static void AddPlain(
        NpgsqlBatch batch, IReadOnlyList<PreparedAppend> events, IReadOnlyList<NewDelivery> deliveries, StoreClock clock)
    {
        BindEvents(batch.Add(InsertEvents), events);
        if (deliveries.Count > 0)
            BindDeliveries(batch.Add(InsertDeliveries), deliveries).BindNow(clock);
    }

    /// <summary>Writes appends of which some have keys, and reads what their keys stand for afterwards.</summary>
    public static void AddKeyed(
        NpgsqlBatch batch,
        IReadOnlyList<PreparedAppend> keyed,
        IReadOnlyList<PreparedAppend> events,
        IReadOnlyList<NewDelivery> deliveries,
        StoreClock clock)
    {
        var command = batch.Add(InsertKeyed)
            .BindArray(NpgsqlDbType.Bigint, keyed, append => append.TenantNo)
            .BindArray(NpgsqlDbType.Bytea, keyed, IdempotencyKeyHash.Of)
            .BindArray(NpgsqlDbType.Uuid, keyed, append => append.Id.Value)
            .BindArray(NpgsqlDbType.Bytea, keyed, append => append.ContentHash!)
            .BindArray(NpgsqlDbType.Integer, keyed, append => append.Matched.Length)
            .BindArray(NpgsqlDbType.TimestampTz, keyed, append => (append.Now + ContentHash.KeyLifetime).UtcDateTime)
            .BindNow(clock);
        BindDeliveries(BindEvents(command, events), deliveries);
        AddReadKeys(batch, keyed);
    }

    /// <summary>Reads what keys stand for.</summary>
    public static void AddReadKeys(NpgsqlBatch batch, IReadOnlyList<PreparedAppend> keyed)
    {
        var position = 0;
        batch.Add(ReadKeys)
            .BindArray(NpgsqlDbType.Integer, keyed, _ => position++)
            .BindArray(NpgsqlDbType.Bigint, keyed, append => append.TenantNo)
            .BindArray(NpgsqlDbType.Bytea, keyed, IdempotencyKeyHash.Of);
    }

    private static NpgsqlBatchCommand BindEvents(NpgsqlBatchCommand command, IReadOnlyList<PreparedAppend> events) => command
        .BindArray(NpgsqlDbType.Uuid, events, append => append.Id.Value)
        .BindArray(NpgsqlDbType.Bigint, events, append => append.TenantNo)
        .BindArray(NpgsqlDbType.Text, events, append => append.Event.Type.Value)
        .BindArray(NpgsqlDbType.Bytea, events, append => append.Event.Payload)
        .BindArray(NpgsqlDbType.Text, events, append => append.Event.IdempotencyKey)
        .BindArray(NpgsqlDbType.Smallint, events, append => (short)append.Event.Priority)
        .BindArray(NpgsqlDbType.TimestampTz, events, append => (append.Event.Timestamp ?? append.Now).UtcDateTime)
        .BindArray(NpgsqlDbType.TimestampTz, events, append => append.Now.UtcDateTime)
        .BindArray(NpgsqlDbType.Text, events, append => append.Event.Trace?.ToText());

    private static NpgsqlBatchCommand BindDeliveries(NpgsqlBatchCommand command, IReadOnlyList<NewDelivery> deliveries) => command
        .BindArray(NpgsqlDbType.Uuid, deliveries, delivery => delivery.Id.Value)
        .BindArray(NpgsqlDbType.Bigint, deliveries, delivery => delivery.Append.TenantNo)
        .BindArray(NpgsqlDbType.Uuid, deliveries, delivery => delivery.Append.Id.Value)
        .BindArray(NpgsqlDbType.Text, deliveries, delivery => delivery.Append.Event.Type.Value)
        .BindArray(NpgsqlDbType.Bigint, deliveries, delivery => delivery.Subscriber.No)
        .BindArray(NpgsqlDbType.Smallint, deliveries, delivery => (short)delivery.Append.Event.Priority)
        .BindArray(NpgsqlDbType.Interval, deliveries, delivery => delivery.Delay)
        .BindArray(NpgsqlDbType.TimestampTz, deliveries, delivery => delivery.Append.Now.UtcDateTime);
}
