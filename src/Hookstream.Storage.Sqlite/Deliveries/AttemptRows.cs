namespace Hookstream.Storage.Sqlite.Deliveries;

/// <summary>How attempts are kept in their table.</summary>
internal static class AttemptRows
{
    private const string InsertRow =
        """
        insert into attempts (
            delivery, id, number, trigger, started_at, duration_us, outcome, status_code, error, request_headers,
            response_headers, response_body, response_truncated, late)
        values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
        """;

    // Primary key: by time within a delivery.
    internal const string Of =
        """
        select id, number, trigger, started_at, duration_us, outcome, status_code, error, request_headers,
            response_headers, response_body, response_truncated, late
        from attempts
        where delivery = ?1
        order by id
        """;

    public static void Insert(DatabaseConnection database, DeliveryId delivery, Attempt attempt, bool late)
    {
        var statement = database.Prepare(InsertRow)
            .Bind(1, delivery.Value)
            .Bind(2, attempt.Id.Value)
            .Bind(3, attempt.Number)
            .Bind(4, (long)attempt.Trigger)
            .Bind(5, attempt.StartedAt)
            .Bind(6, (long)attempt.Duration.TotalMicroseconds)
            .Bind(7, (long)attempt.Outcome)
            .Bind(8, (long?)attempt.StatusCode)
            .Bind(9, attempt.Error)
            .Bind(10, attempt.RequestHeaders.Span)
            .Bind(11, attempt.ResponseHeaders.Span)
            .Bind(13, attempt.ResponseTruncated)
            .Bind(14, late);
        _ = attempt.ResponseBody is { } body ? statement.Bind(12, body.Span) : statement.BindNull(12);
        statement.Run();
    }

    public static List<Attempt> ReadAll(DatabaseConnection database, DeliveryId delivery) =>
        database.Prepare(Of).Bind(1, delivery.Value).ReadAll(Read);

    private static Attempt Read(Statement row) => new()
    {
        Id = new AttemptId(row.Guid(0)),
        Number = row.Int32(1),
        Trigger = (AttemptTrigger)row.Int32(2),
        StartedAt = row.Time(3),
        Duration = TimeSpan.FromMicroseconds(row.Int64(4)),
        Outcome = (AttemptOutcome)row.Int32(5),
        StatusCode = row.NullableInt32(6),
        Error = row.NullableText(7),
        RequestHeaders = row.Blob(8).ToArray(),
        ResponseHeaders = row.Blob(9).ToArray(),
        ResponseBody = row.IsNull(10) ? (ReadOnlyMemory<byte>?)null : row.Blob(10).ToArray(),
        ResponseTruncated = row.Boolean(11),
        Late = row.Boolean(12),
    };
}
