using Hookstream.Benchmarks.Deployments;
using Hookstream.Benchmarks.Report;
using Hookstream.Benchmarks.ServerUnderTest;

namespace Hookstream.Benchmarks;

/// <summary>
/// What the benchmarks of one run share: sizes, the server's program and a directory that is removed at the end.
/// </summary>
internal sealed class BenchmarkRun : IAsyncDisposable
{
    private readonly string _serverAssembly;
    private readonly bool _keep;
    private readonly BackingServers _backing = new();
    private int _servers;

    public BenchmarkRun(BenchmarkSettings settings, string serverAssembly, string dataRoot, bool keep)
    {
        Settings = settings;
        _serverAssembly = serverAssembly;
        _keep = keep;
        Directory.CreateDirectory(dataRoot);
        WorkDirectory = Directory.CreateDirectory(Path.Combine(dataRoot, $"run-{Environment.ProcessId}")).FullName;
    }

    public BenchmarkSettings Settings { get; }

    public string WorkDirectory { get; }

    /// <summary>The servers behind those under test, as far as there were any.</summary>
    public IReadOnlyList<MachineFact> BackingFacts => _backing.Facts;

    /// <summary>What is measured now.</summary>
    public Deployment Deployment { get; set; } = Deployment.Embedded;

    public Task<ServerProcess> StartServerAsync(string name, CancellationToken cancellationToken) =>
        StartServerAsync(name, new Dictionary<string, string>(), cancellationToken);

    /// <summary>Starts a server with settings of its own beside those of the deployment.</summary>
    public async Task<ServerProcess> StartServerAsync(
        string name,
        IReadOnlyDictionary<string, string> own,
        CancellationToken cancellationToken)
    {
        var settings = await _backing.SettingsAsync(Deployment);
        foreach (var (setting, value) in own)
            settings[setting] = value;
        return await ServerProcess.StartAsync(
            _serverAssembly,
            Path.Combine(WorkDirectory, $"{++_servers}-{name}"),
            settings,
            cancellationToken);
    }

    public static void Say(string line) => Console.WriteLine(line);

    public async ValueTask DisposeAsync()
    {
        await _backing.DisposeAsync();
        if (_keep)
            Say($"Data and logs kept in {WorkDirectory}");
        else
            Directory.Delete(WorkDirectory, recursive: true);
    }
}
