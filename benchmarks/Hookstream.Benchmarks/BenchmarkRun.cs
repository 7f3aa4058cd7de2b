using Hookstream.Benchmarks.ServerUnderTest;

namespace Hookstream.Benchmarks;

/// <summary>
/// What the benchmarks of one run share: sizes, the server's program and a directory that is removed at the end.
/// </summary>
internal sealed class BenchmarkRun : IDisposable
{
    private readonly string _serverAssembly;
    private readonly bool _keep;
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

    public Task<ServerProcess> StartServerAsync(string name, CancellationToken cancellationToken) =>
        ServerProcess.StartAsync(
            _serverAssembly,
            Path.Combine(WorkDirectory, $"{++_servers}-{name}"),
            cancellationToken);

    public static void Say(string line) => Console.WriteLine(line);

    public void Dispose()
    {
        if (_keep)
            Say($"Data and logs kept in {WorkDirectory}");
        else
            Directory.Delete(WorkDirectory, recursive: true);
    }
}
