using Npgsql;
using NpgsqlTypes;

namespace Hookstream.Storage.Postgres.Database;

/// <summary>Builds batches: one round trip, and without an explicit transaction one transaction.</summary>
internal static class BatchBuilding
{
    /// <summary>Adds a statement.</summary>
    public static NpgsqlBatchCommand Add(this NpgsqlBatch batch, string sql)
    {
        var command = new NpgsqlBatchCommand(sql);
        batch.BatchCommands.Add(command);
        return command;
    }

    /// <summary>Adds the next positional parameter, its type said.</summary>
    public static NpgsqlBatchCommand Bind(this NpgsqlBatchCommand command, NpgsqlDbType type, object? value)
    {
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type, Value = value ?? DBNull.Value });
        return command;
    }

    /// <summary>Adds one array for each column of <paramref name="rows"/>.</summary>
    public static NpgsqlBatchCommand BindArray<TRow, TValue>(
        this NpgsqlBatchCommand command, NpgsqlDbType type, IReadOnlyList<TRow> rows, Func<TRow, TValue> column)
    {
        var values = new TValue[rows.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = column(rows[i]);
        return command.Bind(NpgsqlDbType.Array | type, values);
    }

    /// <summary>The time that SQL takes for now: null, unless a test owns it.</summary>
    public static NpgsqlBatchCommand BindNow(this NpgsqlBatchCommand command, StoreClock clock) =>
        command.Bind(NpgsqlDbType.TimestampTz, clock.SqlNow?.UtcDateTime);
}
