namespace Hookstream.Architecture.Tests;

/// <summary>Where the sources are, and what is among them.</summary>
internal static class Repository
{
    private static readonly string[] NotSources = ["bin", "obj", "node_modules"];

    public static string Root { get; } = FindRoot();

    /// <summary>The names of the projects under src.</summary>
    public static IReadOnlyList<string> Projects { get; } =
        [.. Directory.GetDirectories(Path.Combine(Root, "src")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    public static string ProjectFile(string project) => Path.Combine(Root, "src", project, $"{project}.csproj");

    /// <summary>Every folder below one of the root's, as a path from the root, without what builds leave.</summary>
    public static IEnumerable<string> FoldersUnder(string folder) =>
        Directory.EnumerateDirectories(Path.Combine(Root, folder), "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path))
            .Where(IsSource);

    /// <summary>Every file below one of the root's folders, likewise.</summary>
    public static IEnumerable<string> FilesUnder(string folder, params string[] extensions) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path))
            .Where(path => IsSource(path) && extensions.Contains(Path.GetExtension(path)));

    private static bool IsSource(string path) => !path.Split(Path.DirectorySeparatorChar).Intersect(NotSources).Any();

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
