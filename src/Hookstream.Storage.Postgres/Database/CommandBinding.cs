using Npgsql;
using NpgsqlTypes;

namespace Hookstream.Storage.Postgres.Database;

/// <summary>Commands with positional parameters whose types are said.</summary>
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
            return await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Reads all rows.</summary>
    public static async Task<List<T>> ReadAllAsync<T>(
        this NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        await using (command)
        {
            await using var rows = await command.ExecuteReaderAsync(cancellation);
            return await rows.ReadAllAsync(read, cancellation);
        }
    }

    /// <summary>Reads all rows of the current result.</summary>
    public static async Task<List<T>> ReadAllAsync<T>(
        this NpgsqlDataReader rows, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        var items = new List<T>();
        while (await rows.ReadAsync(cancellation))
            items.Add(read(rows));
        return items;
    }
}
