namespace Hookstream.Server.Tests.Documentation;

/// <summary>The files that people read, and the sources that they are held to.</summary>
internal static class Repository
{
    private static readonly string Root = FindRoot();

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    public static bool Has(string path) => Path.Exists(Path.Combine(Root, path));

    /// <summary>What a relative link in a directory leads to, seen from the root.</summary>
    public static string Resolve(string directory, string link) =>
        Path.GetRelativePath(Root, Path.GetFullPath(Path.Combine(Root, directory, link)));

    /// <summary>The pages for people, seen from the root.</summary>
    public static IEnumerable<string> Pages() =>
        new[] { "*.md", "benchmarks/*.md", "docs/*.md", "docs/operations/*.md" }
            .SelectMany(pattern => Directory.EnumerateFiles(
                Path.Combine(Root, Path.GetDirectoryName(pattern)!), Path.GetFileName(pattern)))
            .Select(path => Path.GetRelativePath(Root, path));

    public static IEnumerable<string> Sources() =>
        Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Select(File.ReadAllText);

    private static string FindRoot()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "Hookstream.slnx")))
                return directory.FullName;
        }

        throw new InvalidOperationException($"no Hookstream.slnx above {AppContext.BaseDirectory}");
    }
}
