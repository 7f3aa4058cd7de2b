using Npgsql;

namespace Hookstream.EndToEnd.Tests.Deployments;

/// <summary>All that a database holds, row by row.</summary>
internal static class StoredRows
{
    /// <summary>Every row of every table as text, bytes in hex.</summary>
    public static async Task<IReadOnlyList<(string Table, string Row)>> ReadAsync(string databaseUrl)
    {
        var url = new Uri(databaseUrl);
        var credentials = url.UserInfo.Split(':', 2);
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder
        {
            Host = url.Host,
            Port = url.Port,
            Database = url.AbsolutePath.TrimStart('/'),
            Username = Uri.UnescapeDataString(credentials[0]),
            Password = credentials.Length == 2 ? Uri.UnescapeDataString(credentials[1]) : null,
            Pooling = false,
        }.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        var rows = new List<(string, string)>();
        foreach (var table in await ReadAsync(connection, "select tablename::text from pg_tables where schemaname = 'public'"))
        {
            foreach (var row in await ReadAsync(connection, $"select t::text from \"{table}\" t"))
                rows.Add((table, row));
        }

        return rows;
    }

    private static async Task<List<string>> ReadAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var texts = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            texts.Add(reader.GetString(0));
        return texts;
    }
}
