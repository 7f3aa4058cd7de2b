using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Hookstream.Storage.Sqlite.Database;

/// <summary>
/// A prepared statement, kept for the life of its connection. Speaks to SQLite without the per-execution objects of
/// ADO.NET; parameters and columns are by position, parameters from 1.
/// </summary>
internal sealed class Statement : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly sqlite3_stmt _handle;

    public Statement(SqliteConnection connection, string sql)
    {
        _connection = connection;
        Check(raw.sqlite3_prepare_v3(
            connection.Handle!, sql, raw.SQLITE_PREPARE_PERSISTENT, out _handle));
    }

    /// <summary>The text it was prepared from.</summary>
    public string Sql => raw.sqlite3_sql(_handle).utf8_to_string();

    public Statement Bind(int index, long value)
    {
        Check(raw.sqlite3_bind_int64(_handle, index, value));
        return this;
    }

    public Statement Bind(int index, long? value) => value is { } some ? Bind(index, some) : BindNull(index);

    public Statement Bind(int index, double? value)
    {
        if (value is not { } some)
            return BindNull(index);
        Check(raw.sqlite3_bind_double(_handle, index, some));
        return this;
    }

    public Statement Bind(int index, bool value) => Bind(index, value ? 1L : 0L);

    public Statement Bind(int index, string? value)
    {
        if (value is null)
            return BindNull(index);
        Span<byte> small = stackalloc byte[512];
        var length = Encoding.UTF8.GetMaxByteCount(value.Length);
        var utf8 = length <= small.Length ? small : new byte[length];
        Check(raw.sqlite3_bind_text(_handle, index, utf8[..Encoding.UTF8.GetBytes(value, utf8)]));
        return this;
    }

    public Statement Bind(int index, ReadOnlySpan<byte> value)
    {
        // An empty span has no address, and a null pointer would bind NULL.
        Check(value.IsEmpty
            ? raw.sqlite3_bind_zeroblob(_handle, index, 0)
            : raw.sqlite3_bind_blob(_handle, index, value));
        return this;
    }

    public Statement Bind(int index, Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        return Bind(index, bytes);
    }

    public Statement Bind(int index, Guid? value) => value is { } some ? Bind(index, some) : BindNull(index);

    public Statement Bind(int index, DateTimeOffset value) => Bind(index, value.ToUnixTimeMilliseconds());

    public Statement Bind(int index, DateTimeOffset? value) => Bind(index, value?.ToUnixTimeMilliseconds());

    public Statement BindNull(int index)
    {
        Check(raw.sqlite3_bind_null(_handle, index));
        return this;
    }

    /// <summary>Steps to the next row; false at the end, when the statement is ready for its next use.</summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(_handle);
        if (code == raw.SQLITE_ROW)
            return true;
        // Reset repeats the error of a failed step; the statement stays usable either way.
        var reset = raw.sqlite3_reset(_handle);
        Check(code == raw.SQLITE_DONE ? reset : code);
        return false;
    }

    /// <summary>Runs a statement that gives no rows.</summary>
    /// <returns>How many rows it changed.</returns>
    public int Run()
    {
        while (Step())
        {
        }

        return raw.sqlite3_changes(_connection.Handle!);
    }

    /// <summary>Steps once and reads one value, or gives the default without a row.</summary>
    public T? Scalar<T>(Func<Statement, T> read)
    {
        var value = Step() ? read(this) : default;
        Reset();
        return value;
    }

    /// <summary>Ends a read before its last row.</summary>
    public void Reset() => _ = raw.sqlite3_reset(_handle);

    public bool IsNull(int column) => raw.sqlite3_column_type(_handle, column) == raw.SQLITE_NULL;

    public long Int64(int column) => raw.sqlite3_column_int64(_handle, column);

    public int Int32(int column) => raw.sqlite3_column_int(_handle, column);

    public bool Boolean(int column) => Int64(column) != 0;

    public long? NullableInt64(int column) => IsNull(column) ? null : Int64(column);

    public int? NullableInt32(int column) => IsNull(column) ? null : Int32(column);

    public double? NullableDouble(int column) => IsNull(column) ? null : raw.sqlite3_column_double(_handle, column);

    public string Text(int column) => raw.sqlite3_column_text(_handle, column).utf8_to_string();

    public string? NullableText(int column) => IsNull(column) ? null : Text(column);

    /// <summary>The bytes of a blob, valid until the next step.</summary>
    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(_handle, column);

    public byte[]? NullableBlob(int column) => IsNull(column) ? null : Blob(column).ToArray();

    public Guid Guid(int column) => new(Blob(column), bigEndian: true);

    public Guid? NullableGuid(int column) => IsNull(column) ? null : Guid(column);

    public DateTimeOffset Time(int column) => DateTimeOffset.FromUnixTimeMilliseconds(Int64(column));

    public DateTimeOffset? NullableTime(int column) => IsNull(column) ? null : Time(column);

    public void Dispose() => _handle.Dispose();

    private void Check(int code)
    {
        if (code is raw.SQLITE_OK)
            return;
        throw new SqliteException(
            $"SQLite error {code}: {raw.sqlite3_errmsg(_connection.Handle!).utf8_to_string()}",
            code & 0xff,
            raw.sqlite3_extended_errcode(_connection.Handle!));
    }
}
