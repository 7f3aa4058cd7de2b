using Npgsql;

namespace Hookstream.Storage.Postgres.Events;

/// <summary>A group of appends as one transaction writes them, and what came of each.</summary>
internal sealed class AppendWrite
{
    // Of appends of this group under the same key, the first is offered; the others are its duplicates.
    private readonly Dictionary<(long Tenant, string Key), PreparedAppend> _firstOfKey = [];
    private readonly Dictionary<PreparedAppend, KeyRow> _keys = [];

    public AppendWrite(IReadOnlyList<PreparedAppend> appends, TimeSpan firstDelay)
    {
        Appends = appends;
        foreach (var append in appends)
        {
            if (append.Event.IdempotencyKey is { } key)
            {
                if (!_firstOfKey.TryAdd((append.TenantNo, key), append))
                    continue;
                Keyed.Add(append);
            }

            Offered.Add(append);
            foreach (var subscriber in append.Matched)
            {
                var delay = subscriber.Subscriber.Settings.RetrySchedule is { } own ? own.Delays[0] : firstDelay;
                Deliveries.Add(new NewDelivery(DeliveryId.New(append.Now), append, subscriber, delay));
            }
        }
    }

    public IReadOnlyList<PreparedAppend> Appends { get; }

    /// <summary>What the transaction offers to store.</summary>
    public List<PreparedAppend> Offered { get; } = [];

    /// <summary>Those of them with a key.</summary>
    public List<PreparedAppend> Keyed { get; } = [];

    public List<NewDelivery> Deliveries { get; } = [];

    /// <summary>True once PostgreSQL may have seen it.</summary>
    public bool Sent { get; set; }

    /// <summary>No delivery of it was due earlier than its delay after this.</summary>
    public DateTimeOffset StartedAt { get; private set; }

    /// <summary>Runs the batch that writes it.</summary>
    public async Task WriteAsync(NpgsqlBatch batch)
    {
        await using var rows = await batch.ExecuteReaderAsync();
        await rows.ReadAsync();
        StartedAt = rows.Time(1);
        await rows.NextResultAsync();
        await ReadKeysAsync(rows);
    }

    /// <summary>Runs a batch that tells what the keys stand for.</summary>
    public async Task ReadKeysAsync(NpgsqlBatch batch)
    {
        await using var rows = await batch.ExecuteReaderAsync();
        await ReadKeysAsync(rows);
    }

    private async Task ReadKeysAsync(NpgsqlDataReader rows)
    {
        do
        {
            if (rows.FieldCount != 4)
                continue;
            while (await rows.ReadAsync())
            {
                _keys[Keyed[rows.GetInt32(0)]] = new KeyRow(
                    new EventId(rows.GetGuid(1)), rows.GetFieldValue<byte[]>(2), rows.GetInt32(3));
            }
        }
        while (await rows.NextResultAsync());
    }

    /// <summary>Works out what came of each, once the transaction is committed.</summary>
    public void Resolve()
    {
        foreach (var append in Appends)
            append.Result = append.Event.IdempotencyKey is { } key ? ResultOfKey(append, key) : Accepted(append);
    }

    private static AppendResult Accepted(PreparedAppend append) =>
        new(AppendOutcome.Accepted, append.Id, append.Matched.Length);

    private AppendResult ResultOfKey(PreparedAppend append, string key)
    {
        var stored = _keys[_firstOfKey[(append.TenantNo, key)]];
        if (stored.Event == append.Id)
            return new AppendResult(AppendOutcome.Accepted, append.Id, stored.EnqueuedCount);
        var same = stored.ContentHash.AsSpan().SequenceEqual(append.ContentHash);
        return new AppendResult(
            same ? AppendOutcome.Duplicate : AppendOutcome.Conflict, stored.Event, stored.EnqueuedCount);
    }

    /// <summary>What a key stands for after the commit.</summary>
    private readonly record struct KeyRow(EventId Event, byte[] ContentHash, int EnqueuedCount);
}
