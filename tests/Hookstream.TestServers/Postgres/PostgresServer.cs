using System.Diagnostics;
using System.Globalization;
using Hookstream.TestServers.Programs;
using Npgsql;

namespace Hookstream.TestServers.Postgres;

/// <summary>
/// A real PostgreSQL server on a free loopback port, with data of its own that goes with it. It can be stopped, killed and
/// started again on the same data and port. It ends with this process, however that ends.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>Its superuser, who needs no password.</summary>
    public const string User = "hookstream";

    private const int Attempts = 5;
    private static readonly TimeSpan StopDeadline = Patience.Limit;

    private readonly ServerDirectory _directory = new("postgres");
    private readonly string? _user = ServerUser.Find();
    private readonly string _programs;
    private readonly PostgresServerOptions _options;
    private WatchedProcess? _process;

    private PostgresServer(string programs, PostgresServerOptions options)
    {
        _programs = programs;
        _options = options;
    }

    /// <summary>Why no server can be started on this machine; null when one can.</summary>
    public static string? Missing { get; } = ServerPrograms.FindPostgres() is null
        ? "PostgreSQL is missing: initdb and postgres are neither in PATH nor in /usr/lib/postgresql "
            + "(Debian: apt-get install postgresql), and TEST_DATABASE_URL names no server"
        : null;

    public int Port { get; private set; }

    /// <summary>The server's process id: that of the postmaster.</summary>
    public int ProcessId => _process?.Id ?? throw new InvalidOperationException("the server does not run");

    /// <summary>The end of the server's log.</summary>
    public string LogTail => _directory.Tail();

    /// <summary>Makes a cluster and starts its server. Skips the test where the programs are missing (in CI: fails).</summary>
    public static async Task<PostgresServer> StartNewAsync(PostgresServerOptions? options = null)
    {
        if (Missing is { } reason)
            MissingServer.Report(reason);
        var server = new PostgresServer(ServerPrograms.FindPostgres()!, options ?? new PostgresServerOptions());
        try
        {
            await server.InitializeAsync();
            for (var attempt = 1; !await server.TryStartAsync(FreePort.Find()); attempt++)
            {
                if (attempt == Attempts)
                    throw new InvalidOperationException($"PostgreSQL does not start; it wrote\n{server.LogTail}");
            }

            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>The URL of one of its databases, as <c>DATABASE_URL</c> takes it.</summary>
    public string UrlOf(string database) => $"postgresql://{User}@127.0.0.1:{Port}/{database}?sslmode=disable";

    /// <summary>Starts it again, on the same data and port.</summary>
    public async Task StartAsync()
    {
        if (!await TryStartAsync(Port))
            throw new InvalidOperationException($"PostgreSQL does not start again; it wrote\n{LogTail}");
    }

    /// <summary>Stops it in order: sessions are cut off, a checkpoint is written.</summary>
    public Task StopAsync() => EndAsync("INT");

    /// <summary>Ends it at once with SIGQUIT, as a crash would: the next start recovers from its log.</summary>
    public Task KillAsync() => EndAsync("QUIT");

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        _directory.Remove();
    }

    private async Task InitializeAsync()
    {
        if (_user is not null)
            await RunAsync("chown", [_user, _directory.Path]);
        string[] command = ServerUser.RunAs(
            _user,
            Path.Combine(_programs, "initdb"), "-D", _directory.Data, "-U", User, "-A", "trust", "-E", "UTF8", "--locale=C",
            "--no-sync", "--no-instructions");
        await RunAsync(command[0], command[1..]);
    }

    private async Task<bool> TryStartAsync(int port)
    {
        Port = port;
        if (_process is { HasExited: false })
            throw new InvalidOperationException("the server runs already");
        if (_process is not null)
            await _process.DisposeAsync();
        _process = await WatchedProcess.StartAsync(_directory, "QUIT", ServerUser.RunAs(_user, [.. Command(port)]));
        return await ServerStart.WaitAsync(_process, _directory, AnswersAsync);
    }

    private IEnumerable<string> Command(int port)
    {
        var durable = _options.Durable ? "on" : "off";
        var settings = new Dictionary<string, string>
        {
            ["listen_addresses"] = "127.0.0.1",
            ["port"] = port.ToString(CultureInfo.InvariantCulture),
            ["unix_socket_directories"] = "",
            ["max_connections"] = _options.MaxConnections.ToString(CultureInfo.InvariantCulture),
            ["fsync"] = durable,
            ["full_page_writes"] = durable,
            ["shared_buffers"] = "128MB",
            ["max_wal_size"] = "2GB",
            ["wal_level"] = "minimal",
            ["max_wal_senders"] = "0",
        };
        foreach (var (name, value) in _options.Settings)
            settings[name] = value;
        return [Path.Combine(_programs, "postgres"), "-D", _directory.Data,
            .. settings.SelectMany(setting => new[] { "-c", $"{setting.Key}={setting.Value}" })];
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            await using var connection = new NpgsqlConnection(
                $"Host=127.0.0.1;Port={Port};Username={User};Database=postgres;Pooling=false;Timeout=5");
            await connection.OpenAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private async Task EndAsync(string signal)
    {
        var process = _process ?? throw new InvalidOperationException("the server does not run");
        await process.SignalAsync(signal);
        await process.WaitForExitAsync(StopDeadline);
    }

    private static async Task RunAsync(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LC_ALL"] = "C";
        start.WorkingDirectory = "/";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} failed with {process.ExitCode}:\n{await output}{errors}");
    }
}
