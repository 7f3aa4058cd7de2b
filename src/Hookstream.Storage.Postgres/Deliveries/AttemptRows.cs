using Npgsql;

namespace Hookstream.Storage.Postgres.Deliveries;

/// <summary>How attempts are read from their table.</summary>
internal static class AttemptRows
{
    private const string Columns =
        """
        delivery, id, number, trigger, started_at, duration_us, outcome, status_code, error, request_headers,
            response_headers, response_body, response_truncated, late
        """;

    // Primary key of one partition: by time within a delivery.
    internal const string Of =
        $"""
        select {Columns}
        from attempts
        where delivery = $1
        order by id
        """;

    // The same for several.
    internal const string OfAll =
        $"""
        select {Columns}
        from attempts
        where delivery = any ($1)
        order by delivery, id
        """;

    public static DeliveryId DeliveryOf(NpgsqlDataReader row) => new(row.GetGuid(0));

    public static Attempt Read(NpgsqlDataReader row) => new()
    {
        Id = new AttemptId(row.GetGuid(1)),
        Number = row.GetInt32(2),
        Trigger = (AttemptTrigger)row.GetInt16(3),
        StartedAt = row.Time(4),
        Duration = TimeSpan.FromMicroseconds(row.GetInt64(5)),
        Outcome = (AttemptOutcome)row.GetInt16(6),
        StatusCode = row.NullableInt32(7),
        Error = row.NullableText(8),
        RequestHeaders = row.Bytes(9),
        ResponseHeaders = row.Bytes(10),
        ResponseBody = row.IsDBNull(11) ? (ReadOnlyMemory<byte>?)null : row.Bytes(11),
        ResponseTruncated = row.GetBoolean(12),
        Late = row.GetBoolean(13),
    };
}
