namespace Hookstream.Benchmarks;

/// <summary>Where the repository that this program was built from lies.</summary>
internal static class Repository
{
    private const string Marker = "Hookstream.slnx";

    public static string Root { get; } = Find();

    public static string ServerAssembly =>
        Path.Combine(Root, "src", "Hookstream.Server", "bin", "Release", "net10.0", "hookstream.dll");

    public static string DataRoot => Path.Combine(Root, "artifacts", "benchmarks");

    public static string Results => Path.Combine(Root, "benchmarks", "results");

    private static string Find()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null)
        {
            if (File.Exists(Path.Combine(directory.FullName, Marker)))
                return directory.FullName;
            directory = directory.Parent;
        }

        throw new BenchmarkException(
            $"{Marker} is in no directory above {AppContext.BaseDirectory}: run the benchmarks from a clone");
    }
}
