using System.Diagnostics;
using System.Globalization;
using Hookstream.Benchmarks.Ceilings;
using Hookstream.Benchmarks.Processes;
using Hookstream.TestServers.Programs;

namespace Hookstream.Benchmarks.ServerUnderTest;

/// <summary>The real server as a process of its own, on a fresh data directory, embedded unless its settings say otherwise.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    // What a shell may hold that would turn the server under test into another deployment.
    private static readonly string[] ForeignVariables = ["DATABASE_URL", "REDIS_URL", "API_TOKEN", "LOG_LEVEL"];

    private readonly Process _process;
    private readonly string _directory;

    private ServerProcess(Process process, string directory, int port)
    {
        _process = process;
        _directory = directory;
        Log = new ServerLog(process.StandardOutput.BaseStream);
        Address = new Uri($"http://127.0.0.1:{port}");
    }

    public Uri Address { get; }

    public ServerLog Log { get; }

    public string Token { get; private set; } = "";

    /// <summary>Empty when embedded.</summary>
    public string DatabaseUrl { get; private init; } = "";

    public int ProcessId => _process.Id;

    public static async Task<ServerProcess> StartAsync(
        string assembly,
        string directory,
        IReadOnlyDictionary<string, string> settings,
        CancellationToken cancellationToken)
    {
        if (!File.Exists(assembly))
            throw new BenchmarkException($"the server is not built: {assembly} does not exist");

        Directory.CreateDirectory(directory);
        if (settings.ContainsKey("DATABASE_URL"))
            await ProcessCommand.RunAsync("dotnet", [assembly, "migrate"], settings, cancellationToken);
        var port = FreePort.Find();

        // One pipe for both of its outputs. `exec` keeps the process id.
        var start = new ProcessStartInfo("sh", ["-c", "exec dotnet \"$0\" serve 2>&1", assembly]) { RedirectStandardOutput = true };
        var foreign = start.Environment.Keys
            .Where(name => name.StartsWith("HOOKSTREAM_", StringComparison.Ordinal)
                || name.StartsWith("OTEL_", StringComparison.Ordinal) || ForeignVariables.Contains(name))
            .ToArray();
        foreach (var name in foreign)
            start.Environment.Remove(name);
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        start.Environment["HOOKSTREAM_DATA_DIR"] = DataDirectory(directory);
        start.Environment["PORT"] = port.ToString(CultureInfo.InvariantCulture);

        // The least verification an endpoint may choose: the receiver answers no challenge.
        start.Environment["HOOKSTREAM_VERIFICATION"] = "none";

        var server = new ServerProcess(ProcessCommand.Start(start), directory, port)
        {
            DatabaseUrl = settings.GetValueOrDefault("DATABASE_URL", ""),
        };
        try
        {
            await server.WaitUntilReadyAsync(cancellationToken);
            server.Token = settings.TryGetValue("API_TOKEN", out var given)
                ? given
                : (await File.ReadAllTextAsync(Path.Combine(DataDirectory(directory), "api-token"), cancellationToken)).Trim();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public long DataBytes() =>
        new DirectoryInfo(DataDirectory(_directory))
            .EnumerateFiles("*", SearchOption.AllDirectories)
            .Sum(file => file.Length);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await ProcessCommand.RunAsync(
                "sh",
                ["-c", "kill -TERM \"$0\" 2>/dev/null || true", ProcessId.ToString(CultureInfo.InvariantCulture)],
                new Dictionary<string, string>(),
                CancellationToken.None);
            using var deadline = new CancellationTokenSource(StopDeadline);
            try
            {
                await _process.WaitForExitAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                BenchmarkRun.Say($"the server did not end within {StopDeadline} of SIGTERM and is killed");
                _process.Kill();
                await _process.WaitForExitAsync(CancellationToken.None);
            }
        }

        Log.WaitForEnd();
        _process.Dispose();
    }

    private static string DataDirectory(string directory) => Path.Combine(directory, "data");

    private async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        using var invoker = SignedSender.CreateInvoker();
        var started = TimeProvider.System.GetTimestamp();
        while (!await IsReadyAsync(invoker, cancellationToken))
        {
            if (_process.HasExited)
                throw new BenchmarkException($"the server ended with {_process.ExitCode}:\n{Log.Tail()}");
            if (TimeProvider.System.GetElapsedTime(started) > StartDeadline)
                throw new BenchmarkException($"{Address}health/ready did not answer 200 within {StartDeadline}:\n{Log.Tail()}");

            await Task.Delay(PollInterval, cancellationToken);
        }
    }

    private async Task<bool> IsReadyAsync(HttpMessageInvoker invoker, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Address, "/health/ready"));
        try
        {
            using var response = await invoker.SendAsync(request, cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException refused) when (refused.HttpRequestError == HttpRequestError.ConnectionError)
        {
            return false;
        }
    }
}
