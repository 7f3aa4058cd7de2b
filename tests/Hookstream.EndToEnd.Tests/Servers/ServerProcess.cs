using System.Diagnostics;
using System.Globalization;
using Hookstream.TestServers.Programs;

namespace Hookstream.EndToEnd.Tests.Servers;

/// <summary>
/// The real program as a process of its own, embedded unless the settings say otherwise, on a data directory that outlives
/// restarts and goes with the object.
/// </summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    // What a shell may hold that would turn the server under test into another deployment.
    private static readonly string[] ForeignVariables =
    [
        "PORT", "DATABASE_URL", "REDIS_URL", "API_TOKEN", "LOG_LEVEL", "WORKER_CONCURRENCY", "DELIVERY_TIMEOUT_MS",
        "ASPNETCORE_URLS", "ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT", "ANTHROPIC_API_KEY", "ANTHROPIC_MODEL", "ANTHROPIC_BASE_URL",
    ];

    // The program compiles what is used often at once and by what it has measured, for a service that runs for weeks. Here hundreds
    // live for seconds, and would compile for most of them: nearly half of the processor's time.
    private static readonly (string Name, string Value)[] ForShortLives = [("DOTNET_TieredPGO", "0"), ("DOTNET_TC_CallCountingDelayMs", "64")];

    private (string Name, string Value)[] _settings;
    private readonly SocketsHttpHandler _handler = new() { MaxConnectionsPerServer = 64 };
    private Process _process = new();
    private string[] _arguments = [];

    internal ServerProcess(params (string Name, string Value)[] settings)
    {
        _settings = settings;
        Port = FreePort.Find();
        Address = new Uri($"http://127.0.0.1:{Port}");
        DataDirectory = Directory.CreateTempSubdirectory("hookstream-e2e-").FullName;
        Http = new HttpClient(_handler) { BaseAddress = Address, Timeout = Patience.Limit };
    }

    public int Port { get; }

    public Uri Address { get; }

    public string DataDirectory { get; }

    /// <summary>Everything that was written, over all restarts.</summary>
    public ServerLog Log { get; } = new();

    public HttpClient Http { get; }

    public string ApiToken => Setting("API_TOKEN") ?? ReadToken("api-token");

    public string AdminToken => Setting("HOOKSTREAM_ADMIN_TOKEN") ?? ReadToken("admin-token");

    public static async Task<ServerProcess> StartAsync(params (string Name, string Value)[] settings)
    {
        var server = new ServerProcess(settings);
        try
        {
            await server.StartAgainAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Starts the process on the same data directory and port and with the same arguments, after a stop or a kill; with other
    /// settings, if there are any.
    /// </summary>
    public async Task StartAgainAsync(params (string Name, string Value)[] changed)
    {
        _settings = [.. _settings, .. changed];
        Launch(_arguments);
        await WaitUntilReadyAsync();
    }

    /// <summary>Starts the process, as <c>serve</c> with these arguments, without waiting for it.</summary>
    public void Launch(params string[] arguments)
    {
        File.Exists(Repository.ServerAssembly).ShouldBeTrue($"the server is not built: {Repository.ServerAssembly}");
        _arguments = arguments;
        _process.Dispose();
        _process = new Process { StartInfo = CreateStartInfo(["serve", .. arguments], _settings) };
        _process.OutputDataReceived += (_, line) => Log.Add(line.Data);
        _process.ErrorDataReceived += (_, line) => Log.Add(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public Task WaitUntilReadyAsync() =>
        Eventually.TrueAsync(IsReadyAsync, () => $"the server to be ready; it wrote\n{Log.Tail()}");

    /// <summary>Sends SIGTERM.</summary>
    public Task BeginStopAsync() => Termination.SignalAsync(_process);

    /// <summary>Sends SIGTERM and waits for the end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync()
    {
        await BeginStopAsync();
        using var deadline = new CancellationTokenSource(Patience.Limit);
        await _process.WaitForExitAsync(deadline.Token);
        return _process.ExitCode;
    }

    /// <summary>Sends SIGKILL and waits for the end.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>Freezes the process with SIGSTOP.</summary>
    public Task FreezeAsync() => Termination.SignalAsync(_process, "STOP");

    /// <summary>Lets a frozen process go on.</summary>
    public Task ThawAsync() => Termination.SignalAsync(_process, "CONT");

    /// <summary>No file of the process grows beyond this, as on a disk that is full; null: it has all the space again.</summary>
    public async Task LimitFilesAsync(long? bytes)
    {
        var limit = bytes?.ToString(CultureInfo.InvariantCulture) ?? "unlimited";
        using var prlimit = Process.Start(
            "prlimit", ["--pid", _process.Id.ToString(CultureInfo.InvariantCulture), $"--fsize={limit}:unlimited"]);
        await prlimit.WaitForExitAsync(CancellationToken.None);
        prlimit.ExitCode.ShouldBe(0);
    }

    /// <summary>Runs another <c>serve</c> on this data directory and port that is expected to end by itself.</summary>
    public Task<(int ExitCode, string Output)> RunToEndAsync(params (string Name, string Value)[] settings) =>
        RunToEndAsync(["serve"], settings);

    /// <summary>Runs a command beside the server, as its operator would on the same machine.</summary>
    public async Task<(int ExitCode, string Output)> RunToEndAsync(
        string[] arguments, params (string Name, string Value)[] settings)
    {
        using var process = Process.Start(CreateStartInfo(arguments, settings))!;
        using var deadline = new CancellationTokenSource(Patience.Limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            var errors = process.StandardError.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            return (process.ExitCode, await output + await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new TimeoutException("the process was to end by itself and did not");
        }
    }

    /// <summary>Starts a command beside the server that runs until it is stopped.</summary>
    public RunningCommand StartCommand(params string[] arguments) => new(CreateStartInfo(arguments, []));

    public async ValueTask DisposeAsync()
    {
        if (IsRunning())
            await KillAsync();
        _process.Dispose();
        Http.Dispose();
        _handler.Dispose();
        Directory.Delete(DataDirectory, recursive: true);
    }

    private ProcessStartInfo CreateStartInfo(string[] arguments, (string Name, string Value)[] settings)
    {
        // A write beyond the limit of LimitFilesAsync is to fail, as on a full disk, and not to end the process.
        var start = new ProcessStartInfo(
            "sh", ["-c", "trap '' XFSZ; exec \"$@\"", "sh", "dotnet", Repository.ServerAssembly, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = DataDirectory,
        };
        var foreign = start.Environment.Keys
            .Where(name => name.StartsWith("HOOKSTREAM_", StringComparison.Ordinal) || name.StartsWith("OTEL_", StringComparison.Ordinal) || ForeignVariables.Contains(name))
            .ToArray();
        foreach (var name in foreign)
            start.Environment.Remove(name);
        start.Environment["HOOKSTREAM_DATA_DIR"] = DataDirectory;
        start.Environment["PORT"] = Port.ToString(CultureInfo.InvariantCulture);
        foreach (var (name, value) in ForShortLives.Concat(settings))
            start.Environment[name] = value;
        return start;
    }

    private async Task<bool> IsReadyAsync()
    {
        if (!IsRunning())
            throw new InvalidOperationException($"the server ended with exit code {_process.ExitCode}:\n{Log.Tail()}");
        try
        {
            using var answer = await Http.GetAsync("/health/ready", CancellationToken.None);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private bool IsRunning()
    {
        try
        {
            return !_process.HasExited;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private string? Setting(string name) => _settings.LastOrDefault(setting => setting.Name == name).Value;

    private string ReadToken(string file) => File.ReadAllText(Path.Combine(DataDirectory, file)).Trim();
}
