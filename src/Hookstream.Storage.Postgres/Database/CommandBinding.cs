using Npgsql;
using NpgsqlTypes;

namespace Hookstream.Storage.Postgres.Database;

/// <summary>Commands with positional parameters whose types are said.</summary>
/// <remarks>
/// What has begun is run to its end, whoever has given up on it; its timeout bounds it. Npgsql prepares what it has run a few times, and takes it
/// for prepared as soon as PostgreSQL has parsed it: cut off after that and before PostgreSQL has said what its rows look like, the connection
/// goes back to the pool with a statement that has no rows as far as Npgsql knows, and whoever runs it there next fails with
/// "Received unexpected backend message DataRow".
/// </remarks>
internal static class CommandBinding
{
    public static NpgsqlCommand Command(this NpgsqlConnection connection, string sql) => new(sql, connection);

    /// <summary>Adds the next positional parameter.</summary>
    public static NpgsqlCommand Bind(this NpgsqlCommand command, NpgsqlDbType type, object? value)
    {
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type, Value = value ?? DBNull.Value });
        return command;
    }

    public static NpgsqlCommand Bind(this NpgsqlCommand command, long value) => command.Bind(NpgsqlDbType.Bigint, value);

    public static NpgsqlCommand Bind(this NpgsqlCommand command, Guid? value) => command.Bind(NpgsqlDbType.Uuid, value);

    public static NpgsqlCommand Bind(this NpgsqlCommand command, string? value) => command.Bind(NpgsqlDbType.Text, value);

    public static NpgsqlCommand Bind(this NpgsqlCommand command, DateTimeOffset? value) =>
        command.Bind(NpgsqlDbType.TimestampTz, value?.UtcDateTime);

    public static NpgsqlCommand Bind(this NpgsqlCommand command, TimeSpan value) => command.Bind(NpgsqlDbType.Interval, value);

    public static NpgsqlCommand Bind(this NpgsqlCommand command, Guid[] values) =>
        command.Bind(NpgsqlDbType.Array | NpgsqlDbType.Uuid, values);

    /// <summary>The time that SQL takes for now: null, unless a test owns it.</summary>
    public static NpgsqlCommand BindNow(this NpgsqlCommand command, StoreClock clock) => command.Bind(clock.SqlNow);

    public static async Task<int> RunAsync(this NpgsqlCommand command, CancellationToken cancellation)
    {
        await using (command)
        {
            cancellation.ThrowIfCancellationRequested();
            return await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }

    /// <summary>The first column of the first row; null: there is none.</summary>
    public static async Task<object?> ReadValueAsync(this NpgsqlCommand command, CancellationToken cancellation)
    {
        await using (command)
        {
            cancellation.ThrowIfCancellationRequested();
            return await command.ExecuteScalarAsync(CancellationToken.None);
        }
    }

    /// <summary>Reads all rows.</summary>
    public static async Task<List<T>> ReadAllAsync<T>(
        this NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        await using (command)
        {
            cancellation.ThrowIfCancellationRequested();
            await using var rows = await command.ExecuteReaderAsync(CancellationToken.None);
            return await rows.ReadAllAsync(read);
        }
    }

    /// <summary>Runs a batch and reads all rows of its first result.</summary>
    public static async Task<List<T>> ReadAllAsync<T>(
        this NpgsqlBatch batch, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        await using var rows = await batch.ExecuteReaderAsync(CancellationToken.None);
        return await rows.ReadAllAsync(read);
    }

    /// <summary>Reads all rows of the current result.</summary>
    public static async Task<List<T>> ReadAllAsync<T>(this NpgsqlDataReader rows, Func<NpgsqlDataReader, T> read)
    {
        var items = new List<T>();
        while (await rows.ReadAsync(CancellationToken.None))
            items.Add(read(rows));
        return items;
    }
}
