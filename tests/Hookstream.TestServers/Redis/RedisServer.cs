using System.Globalization;
using System.Net.Sockets;
using Hookstream.TestServers.Programs;

namespace Hookstream.TestServers.Redis;

/// <summary>
/// A real Redis server on a free loopback port, with data of its own that goes with it. It can be killed and started again
/// on the same port: as it was saved, empty, or from a snapshot taken earlier. It ends with this process.
/// </summary>
public sealed class RedisServer : IAsyncDisposable
{
    private const int Attempts = 5;
    private static readonly TimeSpan StopDeadline = Patience.Limit;

    private readonly ServerDirectory _directory = new("redis");
    private readonly string _program;
    private readonly RedisServerOptions _options;
    private WatchedProcess? _process;
    private int _snapshots;

    private RedisServer(string program, RedisServerOptions options)
    {
        _program = program;
        _options = options;
    }

    /// <summary>Why no server can be started on this machine; null when one can.</summary>
    public static string? Missing { get; } = ServerPrograms.FindRedis() is null
        ? "Redis is missing: redis-server is not in PATH (Debian: apt-get install redis-server), and TEST_REDIS_URL names no server"
        : null;

    public int Port { get; private set; }

    /// <summary>As <c>REDIS_URL</c> takes it.</summary>
    public string Url => $"redis://127.0.0.1:{Port}";

    public int ProcessId => _process?.Id ?? throw new InvalidOperationException("the server does not run");

    /// <summary>The end of the server's log.</summary>
    public string LogTail => _directory.Tail();

    /// <summary>Starts an empty server. Skips the test where the program is missing (in CI: fails).</summary>
    public static async Task<RedisServer> StartNewAsync(RedisServerOptions? options = null)
    {
        if (Missing is { } reason)
            MissingServer.Report(reason);
        var server = new RedisServer(ServerPrograms.FindRedis()!, options ?? new RedisServerOptions());
        try
        {
            Directory.CreateDirectory(server._directory.Data);
            for (var attempt = 1; !await server.TryStartAsync(FreePort.Find()); attempt++)
            {
                if (attempt == Attempts)
                    throw new InvalidOperationException($"Redis does not start; it wrote\n{server.LogTail}");
            }

            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it again with what it had saved.</summary>
    public async Task StartAsync()
    {
        if (!await TryStartAsync(Port))
            throw new InvalidOperationException($"Redis does not start again; it wrote\n{LogTail}");
    }

    /// <summary>Starts it again with nothing in it.</summary>
    public Task StartEmptyAsync()
    {
        RemoveData();
        return StartAsync();
    }

    /// <summary>Starts it again with what it held when the snapshot was taken.</summary>
    public Task StartFromAsync(RedisSnapshot snapshot)
    {
        if (_options.AppendOnly)
            throw new NotSupportedException("a server with an append-only file does not read snapshots");
        RemoveData();
        File.Copy(snapshot.Path, Path.Combine(_directory.Data, "dump.rdb"));
        return StartAsync();
    }

    /// <summary>Keeps what it holds now.</summary>
    public async Task<RedisSnapshot> TakeSnapshotAsync()
    {
        await CommandAsync("SAVE");
        var path = Path.Combine(_directory.Path, $"snapshot-{Interlocked.Increment(ref _snapshots)}.rdb");
        File.Copy(Path.Combine(_directory.Data, "dump.rdb"), path);
        return new RedisSnapshot(path);
    }

    /// <summary>Ends it with SIGKILL.</summary>
    public async Task KillAsync()
    {
        var process = _process ?? throw new InvalidOperationException("the server does not run");
        await process.SignalAsync("KILL");
        await process.WaitForExitAsync(StopDeadline);
    }

    /// <summary>Sends a command without binary arguments, such as <c>FLUSHALL</c>.</summary>
    /// <returns>The first line of the answer.</returns>
    public async Task<string> CommandAsync(string command) => (await CommandsAsync(command))[0];

    /// <summary>Sends commands over one connection, such as those of a transaction.</summary>
    /// <returns>The lines of the answers until the connection ended.</returns>
    public async Task<IReadOnlyList<string>> CommandsAsync(params string[] commands)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(string.Join("\r\n", [.. commands, "QUIT"]) + "\r\n"));
        using var reader = new StreamReader(stream);
        var answers = new List<string>();
        while (await reader.ReadLineAsync() is { } answer)
            answers.Add(answer.StartsWith('-') ? throw new InvalidOperationException($"{string.Join("; ", commands)}: {answer[1..]}") : answer);
        return answers.Count > 0 ? answers : throw new IOException("Redis closed the connection");
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        _directory.Remove();
    }

    private async Task<bool> TryStartAsync(int port)
    {
        Port = port;
        if (_process is { HasExited: false })
            throw new InvalidOperationException("the server runs already");
        if (_process is not null)
            await _process.DisposeAsync();
        _process = await WatchedProcess.StartAsync(_directory, "KILL", [.. Command(port)]);
        return await ServerStart.WaitAsync(_process, _directory, AnswersAsync);
    }

    private IEnumerable<string> Command(int port)
    {
        var settings = new Dictionary<string, string>
        {
            ["bind"] = "127.0.0.1",
            ["port"] = port.ToString(CultureInfo.InvariantCulture),
            ["dir"] = _directory.Data,
            ["save"] = _options.Save,
            ["appendonly"] = _options.AppendOnly ? "yes" : "no",
            ["maxmemory-policy"] = _options.MaxMemoryPolicy,
            ["daemonize"] = "no",
        };
        foreach (var (name, value) in _options.Settings)
            settings[name] = value;
        return [_program, .. settings.SelectMany(setting => new[] { $"--{setting.Key}", setting.Value })];
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            return await CommandAsync("PING") == "+PONG";
        }
        catch (Exception exception) when (exception is SocketException or IOException or InvalidOperationException)
        {
            // Not there yet, or loading its data.
            return false;
        }
    }

    private void RemoveData()
    {
        Directory.Delete(_directory.Data, recursive: true);
        Directory.CreateDirectory(_directory.Data);
    }
}
