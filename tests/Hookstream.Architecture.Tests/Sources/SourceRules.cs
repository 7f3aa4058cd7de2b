namespace Hookstream.Architecture.Tests.Sources;

/// <summary>How sources are laid out: by concept of the domain, in files that one can read.</summary>
internal static class SourceRules
{
    /// <summary>A file of 400 lines is a question, one of 600 needs an answer, a longer one is split.</summary>
    public const int MaxLines = 600;

    // They say what kind of code is inside, not what it is about.
    private static readonly string[] BannedFolders =
        ["Models", "Services", "Helpers", "Helper", "Utils", "Util", "Utilities", "Extensions", "Managers", "Common", "Misc"];

    /// <summary>Folders that are named after a kind of code.</summary>
    public static IEnumerable<string> NamedAfterAKind(IEnumerable<string> folders) =>
        folders.Where(folder => BannedFolders.Contains(Path.GetFileName(folder), StringComparer.OrdinalIgnoreCase));

    /// <summary>Files that are too long.</summary>
    public static IEnumerable<string> TooLong(IEnumerable<(string Path, int Lines)> files) =>
        files.Where(file => file.Lines > MaxLines).Select(file => $"{file.Path}: {file.Lines} lines");
}
