using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hookstream.Storage.Sqlite.Tests;

/// <summary>A data directory that goes with the test, and a look at its files beside the store.</summary>
internal sealed class TemporaryDataDirectory : IDisposable
{
    private readonly string _parent = Directory.CreateTempSubdirectory("hookstream-sqlite-").FullName;

    /// <summary>Not made yet: the store does that.</summary>
    public string Path => System.IO.Path.Combine(_parent, "data");

    public string Database => System.IO.Path.Combine(Path, "hookstream.db");

    public string Log => Database + "-wal";

    public EncryptionKeyring Keyring { get; set; } = NewKeyring();

    public static EncryptionKeyring NewKeyring() => new([RandomNumberGenerator.GetBytes(EncryptionKeyring.KeyLength)]);

    public Task<SqliteStore> OpenAsync(
        TimeProvider? time = null,
        EncryptionKeyring? keyring = null,
        Func<SqliteStoreOptions, SqliteStoreOptions>? configure = null,
        ILoggerFactory? loggers = null)
    {
        var options = new SqliteStoreOptions { Directory = Path };
        return SqliteStore.OpenAsync(
            configure?.Invoke(options) ?? options,
            keyring ?? Keyring,
            time ?? TimeProvider.System,
            loggers ?? NullLoggerFactory.Instance,
            TestContext.Current.CancellationToken);
    }

    public void Migrate() => SqliteStore.Migrate(Path, NullLoggerFactory.Instance);

    /// <summary>What a process killed at this moment would leave: whatever had reached the files.</summary>
    public TemporaryDataDirectory CopyAsItIs()
    {
        var copy = new TemporaryDataDirectory { Keyring = Keyring };
        Directory.CreateDirectory(copy.Path);
        File.Copy(Database, copy.Database);
        if (File.Exists(Log))
            File.Copy(Log, copy.Log);
        return copy;
    }

    /// <summary>A connection beside the store's own.</summary>
    public SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        return connection;
    }

    public void Execute(string sql)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>The first column of every row, as text.</summary>
    public IReadOnlyList<string> Read(string sql)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add(reader.GetString(0));
        return rows;
    }

    public long Count(string sql) => long.Parse(Read(sql)[0], System.Globalization.CultureInfo.InvariantCulture);

    public void Dispose() => Directory.Delete(_parent, recursive: true);
}
