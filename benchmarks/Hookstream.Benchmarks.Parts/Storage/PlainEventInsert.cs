using Hookstream.Core.Events;
using Microsoft.Data.Sqlite;

namespace Hookstream.Benchmarks.Parts.Storage;

/// <summary>The insert of an event by a command of Microsoft.Data.Sqlite, its parameters by name.</summary>
internal sealed class PlainEventInsert : IDisposable
{
    private const string InsertRow =
        """
        insert into events (tenant, id, type, payload, idempotency_key, priority, timestamp, created_at)
        values ($tenant, $id, $type, $payload, $idempotency_key, $priority, $timestamp, $created_at)
        """;

    private readonly SqliteCommand _command;
    private readonly SqliteParameter _tenant;
    private readonly SqliteParameter _id;
    private readonly SqliteParameter _type;
    private readonly SqliteParameter _payload;
    private readonly SqliteParameter _idempotencyKey;
    private readonly SqliteParameter _priority;
    private readonly SqliteParameter _timestamp;
    private readonly SqliteParameter _createdAt;

    public PlainEventInsert(SqliteConnection connection)
    {
        _command = connection.CreateCommand();
        _command.CommandText = InsertRow;
        _tenant = _command.Parameters.Add("$tenant", SqliteType.Integer);
        _id = _command.Parameters.Add("$id", SqliteType.Blob);
        _type = _command.Parameters.Add("$type", SqliteType.Text);
        _payload = _command.Parameters.Add("$payload", SqliteType.Blob);
        _idempotencyKey = _command.Parameters.Add("$idempotency_key", SqliteType.Text);
        _priority = _command.Parameters.Add("$priority", SqliteType.Integer);
        _timestamp = _command.Parameters.Add("$timestamp", SqliteType.Integer);
        _createdAt = _command.Parameters.Add("$created_at", SqliteType.Integer);
    }

    public void Insert(SqliteTransaction transaction, long tenantNo, EventId id, NewEvent appended, byte[] payload, DateTimeOffset now)
    {
        _command.Transaction = transaction;
        _tenant.Value = tenantNo;
        _id.Value = id.Value.ToByteArray(bigEndian: true);
        _type.Value = appended.Type.Value;
        _payload.Value = payload;
        _idempotencyKey.Value = (object?)appended.IdempotencyKey ?? DBNull.Value;
        _priority.Value = (long)appended.Priority;
        _timestamp.Value = (appended.Timestamp ?? now).ToUnixTimeMilliseconds();
        _createdAt.Value = now.ToUnixTimeMilliseconds();
        _command.ExecuteNonQuery();
    }

    public void Dispose() => _command.Dispose();
}
