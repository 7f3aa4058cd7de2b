using System.Globalization;
using Hookstream.Core.Paging;
using Npgsql;
using NpgsqlTypes;

namespace Hookstream.Storage.Postgres.Events;

/// <summary>Finds and lists events.</summary>
internal sealed class EventReading(Sessions sessions)
{
    // Primary key of one partition.
    internal const string FindOne =
        $"""
        select {Columns}, payload
        from events
        where id = $1 and tenant = $2
        """;

    private const string Columns = "id, type, idempotency_key, priority, \"timestamp\", created_at";

    public Task<EventRecord?> FindAsync(long tenantNo, EventId id, CancellationToken cancellation) =>
        sessions.General.ReadAsync(
            async connection =>
            {
                var found = await connection.Command(FindOne)
                    .Bind(id.Value)
                    .Bind(tenantNo)
                    .ReadAllAsync(row => Read(row, row.Bytes(6)), cancellation);
                return found is [var record] ? record : null;
            },
            cancellation);

    public Task<Page<EventRecord>> ListAsync(
        long tenantNo, EventQuery query, PageRequest page, CancellationToken cancellation) =>
        sessions.General.ReadAsync(
            async connection => Pages.Of(
                await ListCommand(connection, tenantNo, query, page).ReadAllAsync(row => Read(row, payload: null), cancellation),
                page.Limit,
                record => record.Id.Value),
            cancellation);

    /// <summary>The read of a page and one row more. Indexes: events_tenant, events_type, one partition after the other.</summary>
    internal static NpgsqlCommand ListCommand(NpgsqlConnection connection, long tenantNo, EventQuery query, PageRequest page)
    {
        var conditions = new Conditions()
            .And("tenant = ?", NpgsqlDbType.Bigint, tenantNo)
            .AndIf(page.After, "id < ?", NpgsqlDbType.Uuid, after => after)
            .AndIf(query.Since, "id >= ?", NpgsqlDbType.Uuid, since => TimeBounds.FirstIdAt(since))
            .AndIf(query.Since, "created_at >= ?", NpgsqlDbType.TimestampTz, since => since.UtcDateTime)
            .AndIf(query.Until, "id < ?", NpgsqlDbType.Uuid, until => TimeBounds.FirstIdAfter(until))
            .AndIf(query.Until, "created_at < ?", NpgsqlDbType.TimestampTz, until => until.UtcDateTime)
            .AndIf(query.Type, "type = ?", NpgsqlDbType.Text, type => type.Value);
        return conditions.Command(
            connection,
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                select {Columns}
                from events
                {conditions.Where()}
                order by id desc
                limit {page.Limit + 1}
                """));
    }

    private static EventRecord Read(NpgsqlDataReader row, byte[]? payload) => new(
        new EventId(row.GetGuid(0)),
        EventType.FromStore(row.GetString(1)),
        payload,
        row.NullableText(2),
        (EventPriority)row.GetInt16(3),
        row.Time(4),
        row.Time(5));
}
