using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;

namespace Hookstream.Storage.Sqlite.Database;

/// <summary>A connection and the statements prepared on it. Used by one thread at a time.</summary>
internal sealed class DatabaseConnection : IDisposable
{
    private readonly SqliteConnection _connection;

    // Statements are constants: the reference is the key, so that no SQL text is hashed on the hot paths.
    private readonly Dictionary<string, Statement> _statements = new(ReferenceComparer.Instance);

    private DatabaseConnection(SqliteConnection connection) => _connection = connection;

    public static DatabaseConnection Open(string path, bool readOnly)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = readOnly ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
        }.ToString());
        connection.Open();
        var database = new DatabaseConnection(connection);
        // FULL flushes the log at each commit: what 202 promises. Page caches are small: memory stays flat.
        database.Execute(readOnly
            ? "pragma query_only = 1; pragma cache_size = -8192; pragma busy_timeout = 5000"
            : """
              pragma journal_mode = wal;
              pragma synchronous = full;
              pragma foreign_keys = 0;
              pragma cache_size = -32768;
              pragma temp_store = memory;
              pragma wal_autocheckpoint = 4000;
              pragma busy_timeout = 5000
              """);
        return database;
    }

    /// <summary>The statement of a constant; prepared at its first use.</summary>
    public Statement Prepare(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
            _statements.Add(sql, statement = new Statement(_connection, sql));
        return statement;
    }

    /// <summary>A statement of text put together at run time; the caller disposes it.</summary>
    public Statement PrepareOnce(string sql) => new(_connection, sql);

    /// <summary>Ends every statement that an exception left in the middle of its rows.</summary>
    public void ResetAll()
    {
        foreach (var statement in _statements.Values)
            statement.Reset();
    }

    public void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
            statement.Dispose();
        _connection.Dispose();
    }

    private sealed class ReferenceComparer : IEqualityComparer<string>
    {
        public static readonly ReferenceComparer Instance = new();

        public bool Equals(string? x, string? y) => ReferenceEquals(x, y);

        public int GetHashCode(string obj) => RuntimeHelpers.GetHashCode(obj);
    }
}
