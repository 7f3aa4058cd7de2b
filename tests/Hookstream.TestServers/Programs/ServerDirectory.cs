namespace Hookstream.TestServers.Programs;

/// <summary>A temporary directory of one server's own.</summary>
internal sealed class ServerDirectory
{
    private const int TailLines = 30;

    public ServerDirectory(string name) => Path = Directory.CreateTempSubdirectory($"hookstream-{name}-").FullName;

    public string Path { get; }

    public string Data => System.IO.Path.Combine(Path, "data");

    public string Log => System.IO.Path.Combine(Path, "server.log");

    /// <summary>The end of what the server wrote.</summary>
    public string Tail() => File.Exists(Log) ? string.Join('\n', File.ReadLines(Log).TakeLast(TailLines)) : "(no log)";

    public void Remove()
    {
        if (Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
    }
}
