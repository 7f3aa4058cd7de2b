namespace Hookstream.Storage.Sqlite.Events;

/// <summary>How events are kept in their table.</summary>
internal static class EventRows
{
    /// <summary>Without the payload, for lists.</summary>
    public const string Columns = "id, type, idempotency_key, priority, timestamp, created_at";

    private const string InsertRow =
        """
        insert into events (tenant, id, type, payload, idempotency_key, priority, timestamp, created_at, trace_context)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
        """;

    public static void Insert(
        DatabaseConnection database, long tenantNo, EventId id, NewEvent appended, DateTimeOffset now) =>
        database.Prepare(InsertRow)
            .Bind(1, tenantNo)
            .Bind(2, id.Value)
            .Bind(3, appended.Type.Value)
            .Bind(4, appended.Payload.Span)
            .Bind(5, appended.IdempotencyKey)
            .Bind(6, (long)appended.Priority)
            .Bind(7, appended.Timestamp ?? now)
            .Bind(8, now)
            .Bind(9, appended.Trace?.ToText())
            .Run();

    public static EventRecord Read(Statement row, bool withPayload) => new(
        new EventId(row.Guid(0)),
        EventType.FromStore(row.Text(1)),
        withPayload ? row.Blob(6).ToArray() : null,
        row.NullableText(2),
        (EventPriority)row.Int32(3),
        row.Time(4),
        row.Time(5));
}
