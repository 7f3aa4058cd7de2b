using System.Globalization;
using Npgsql;

namespace Hookstream.TestServers.Postgres;

/// <summary>A database of one test's own, dropped with it, and a look into it beside the store.</summary>
public sealed class PostgresDatabase : IAsyncDisposable
{
    private readonly PostgresDatabases _databases;

    internal PostgresDatabase(PostgresDatabases databases, string name, string url)
    {
        _databases = databases;
        Name = name;
        Url = url;
    }

    public string Name { get; }

    /// <summary>As <c>DATABASE_URL</c> takes it.</summary>
    public string Url { get; }

    /// <summary>As Npgsql takes it, without a pool.</summary>
    public string ConnectionString => ConnectionStringOf(Url);

    /// <summary>A connection beside the store's own.</summary>
    public async Task<NpgsqlConnection> ConnectAsync()
    {
        var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = await ConnectAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The first column of every row, as text.</summary>
    public async Task<IReadOnlyList<string>> ReadAsync(string sql)
    {
        await using var connection = await ConnectAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
            rows.Add(Convert.ToString(reader.GetValue(0), CultureInfo.InvariantCulture)!);
        return rows;
    }

    public async Task<long> CountAsync(string sql) => long.Parse((await ReadAsync(sql))[0], CultureInfo.InvariantCulture);

    /// <summary>Sessions begin in this time zone from now on.</summary>
    public Task SetTimeZoneAsync(string zone) => ExecuteAsync($"alter database {Name} set timezone to '{zone}'");

    public async ValueTask DisposeAsync() => await _databases.ExecuteAsync($"drop database if exists {Name} with (force)");

    public static string ConnectionStringOf(string url)
    {
        var parsed = new Uri(url);
        var credentials = parsed.UserInfo.Split(':', 2);
        return new NpgsqlConnectionStringBuilder
        {
            Host = parsed.Host,
            Port = parsed.Port > 0 ? parsed.Port : 5432,
            Database = Uri.UnescapeDataString(parsed.AbsolutePath.TrimStart('/')),
            Username = Uri.UnescapeDataString(credentials[0]),
            Password = credentials.Length == 2 ? Uri.UnescapeDataString(credentials[1]) : null,
            Pooling = false,
        }.ConnectionString;
    }
}
