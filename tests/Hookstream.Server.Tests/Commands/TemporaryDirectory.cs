namespace Hookstream.Server.Tests.Commands;

internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("hookstream-tests-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
