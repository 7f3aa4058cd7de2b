namespace Hookstream.Storage.Sqlite.Events;

/// <summary>What was accepted under which idempotency key, for 24 h.</summary>
internal static class IdempotencyKeys
{
    internal const string Find =
        """
        select event, content_hash, enqueued_count
        from idempotency_keys
        where tenant = ?1 and key = ?2 and expires_at > ?3
        """;

    private const string Put =
        """
        insert or replace into idempotency_keys (tenant, key, event, content_hash, enqueued_count, expires_at)
        values (?1, ?2, ?3, ?4, ?5, ?6)
        """;

    /// <summary>What came of an earlier event under this key; null without one.</summary>
    public static AppendResult? Look(
        DatabaseConnection database, long tenantNo, string key, ReadOnlySpan<byte> contentHash, DateTimeOffset now)
    {
        var row = database.Prepare(Find).Bind(1, tenantNo).Bind(2, key).Bind(3, now);
        if (!row.Step())
            return null;
        var same = row.Blob(1).SequenceEqual(contentHash);
        var result = new AppendResult(
            same ? AppendOutcome.Duplicate : AppendOutcome.Conflict, new EventId(row.Guid(0)), row.Int32(2));
        row.Reset();
        return result;
    }

    public static void Remember(
        DatabaseConnection database,
        long tenantNo,
        string key,
        ReadOnlySpan<byte> contentHash,
        EventId id,
        int enqueuedCount,
        DateTimeOffset now) =>
        database.Prepare(Put)
            .Bind(1, tenantNo)
            .Bind(2, key)
            .Bind(3, id.Value)
            .Bind(4, contentHash)
            .Bind(5, enqueuedCount)
            .Bind(6, now + ContentHash.KeyLifetime)
            .Run();
}
