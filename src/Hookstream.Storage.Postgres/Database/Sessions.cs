using Npgsql;

namespace Hookstream.Storage.Postgres.Database;

/// <summary>
/// The connections: one pool for the hot paths (append, claim, load, settle), whose plans may not scan tables, and one for
/// everything else.
/// </summary>
internal sealed class Sessions : IAsyncDisposable
{
    private const string Common = "set synchronous_commit = on; set lock_timeout = '5s'; ";

    // A plan made while a table was empty, or was counted when it was, would read all of it for ever after.
    private const string HotSettings =
        Common + "set statement_timeout = '10s'; set enable_seqscan = off; set enable_bitmapscan = off; set enable_hashjoin = off; " +
        "set enable_mergejoin = off; set jit = off; set plan_cache_mode = force_generic_plan";

    // Lists differ much in what they match: each is planned for its own values, which also leaves partitions out at once.
    private const string GeneralSettings =
        Common + "set statement_timeout = '30s'; set jit = off; set plan_cache_mode = force_custom_plan";

    public Sessions(PostgresStoreOptions options)
    {
        ConnectionString = options.ConnectionString;
        Hot = Build(options, HotSettings, "hookstream", options.Writers + 6, autoPrepare: 40);
        General = Build(options, GeneralSettings, "hookstream general", 10, autoPrepare: 40);
    }

    /// <summary>Append, claim, load, settle.</summary>
    public NpgsqlDataSource Hot { get; }

    /// <summary>The API's reads, changes of configuration, chores.</summary>
    public NpgsqlDataSource General { get; }

    public string ConnectionString { get; }

    /// <summary>A connection of its own, outside the pools, that waits for notifications.</summary>
    public async Task<NpgsqlConnection> OpenListenerAsync(CancellationToken cancellation)
    {
        var text = new NpgsqlConnectionStringBuilder(ConnectionString)
        {
            ApplicationName = "hookstream listener",
            Pooling = false,
            KeepAlive = 10,
            Timeout = 5,
        };
        var connection = new NpgsqlConnection(text.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellation);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Hot.DisposeAsync();
        await General.DisposeAsync();
    }

    private static NpgsqlDataSource Build(
        PostgresStoreOptions options, string settings, string name, int connections, int autoPrepare)
    {
        var text = new NpgsqlConnectionStringBuilder(options.ConnectionString)
        {
            ApplicationName = name,
            MaxPoolSize = connections,
            Timeout = 5,
            CommandTimeout = 15,
            KeepAlive = 10,
            // Whoever pools in between has other sessions' statements and settings under our names.
            MaxAutoPrepare = options.Listen ? autoPrepare : 0,
            NoResetOnClose = true,
            // A day as an interval is 24 hours only where no clocks go forward. Said when connecting, which poolers keep, too.
            Timezone = "UTC",
        };
        var builder = new NpgsqlDataSourceBuilder(text.ConnectionString);
        // Set behind such a pooler, they would reach whoever has the connection next, other programs too. It needs them less:
        // no plan stays there.
        if (!options.Listen)
            return builder.Build();
        builder.UsePhysicalConnectionInitializer(
            connection =>
            {
                using var command = new NpgsqlCommand(settings, connection);
                command.ExecuteNonQuery();
            },
            async connection =>
            {
                await using var command = new NpgsqlCommand(settings, connection);
                await command.ExecuteNonQueryAsync();
            });
        return builder.Build();
    }
}
