using Hookstream.TestServers.Programs;
using Npgsql;

namespace Hookstream.TestServers.Postgres;

/// <summary>
/// One server for all tests of an assembly, as its fixture, and a fresh database for each test, copied from one that was
/// migrated once. <c>TEST_DATABASE_URL</c> names a server to use instead; its user has to be allowed to create databases.
/// </summary>
public abstract class PostgresDatabases : IAsyncLifetime
{
    private readonly Uri? _given = Environment.GetEnvironmentVariable("TEST_DATABASE_URL") is { Length: > 0 } url ? new Uri(url) : null;
    private readonly string _name = $"hookstream_test_{Guid.NewGuid():N}"[..24];
    private readonly Lazy<Task> _template;
    private PostgresServer? _server;
    private int _databases;

    protected PostgresDatabases() => _template = new Lazy<Task>(MakeTemplateAsync);

    /// <summary>Whether there is a server, once it was initialized.</summary>
    public bool Available => _server is not null || _given is not null;

    /// <summary>Brings the schema of a database up to date.</summary>
    /// <param name="url">The database, as <c>DATABASE_URL</c>.</param>
    protected abstract Task MigrateAsync(string url);

    public async ValueTask InitializeAsync()
    {
        // A test that needs it reports what is missing; here it would fail them all.
        if (_given is null && PostgresServer.Missing is null)
            _server = await PostgresServer.StartNewAsync();
    }

    /// <summary>Makes a database with the schema in it. Skips the test where there is no server (in CI: fails).</summary>
    public async Task<PostgresDatabase> CreateAsync()
    {
        await ReadyAsync();
        await _template.Value;
        return await CreateAsync($" template {_name}");
    }

    /// <summary>Makes a database with nothing in it.</summary>
    public async Task<PostgresDatabase> CreateEmptyAsync()
    {
        await ReadyAsync();
        return await CreateAsync("");
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_server is not null)
            await _server.DisposeAsync();
        else if (_given is not null)
            await DropAllAsync();
    }

    // Those of tests that were cut off, and the template.
    private async Task DropAllAsync()
    {
        for (var number = 1; number <= _databases; number++)
            await ExecuteAsync($"drop database if exists {_name}_{number} with (force)");
        if (_template.IsValueCreated)
            await ExecuteAsync($"drop database if exists {_name} with (force)");
    }

    /// <summary>Runs SQL in the server's own database.</summary>
    internal async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(PostgresDatabase.ConnectionStringOf(UrlOf(null)));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 };
        await command.ExecuteNonQueryAsync();
    }

    private Task ReadyAsync()
    {
        if (!Available)
            MissingServer.Report(PostgresServer.Missing!);
        return Task.CompletedTask;
    }

    private async Task MakeTemplateAsync()
    {
        await ExecuteAsync($"create database {_name}");
        await MigrateAsync(UrlOf(_name));
        // Copying needs a database that nobody is connected to.
        await ExecuteAsync($"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{_name}'");
    }

    private async Task<PostgresDatabase> CreateAsync(string template)
    {
        var name = $"{_name}_{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync($"create database {name}{template}");
        return new PostgresDatabase(this, name, UrlOf(name));
    }

    private string UrlOf(string? database) =>
        _server?.UrlOf(database ?? "postgres")
        ?? (database is null ? _given! : new UriBuilder(_given!) { Path = database }.Uri).AbsoluteUri;
}
