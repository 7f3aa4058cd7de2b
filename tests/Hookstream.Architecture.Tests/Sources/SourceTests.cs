namespace Hookstream.Architecture.Tests.Sources;

/// <summary>The layout of the sources, and the proof that a breach of it would be found.</summary>
public sealed class SourceTests
{
    private static readonly string[] Kinds = [".cs", ".sql", ".mjs", ".lua", ".md", ".csproj", ".props"];

    public static TheoryData<string> Projects => [.. Repository.Projects];

    [Fact]
    public void Folders_are_named_after_concepts()
    {
        var folders = Repository.FoldersUnder("src").ToList();

        folders.ShouldContain(Path.Combine("src", "Hookstream.Core", "Deliveries"));
        SourceRules.NamedAfterAKind(folders).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    [InlineData("benchmarks")]
    public void Files_are_short_enough_to_be_read(string folder)
    {
        var files = Repository.FilesUnder(folder, Kinds)
            .Select(path => (path, File.ReadLines(Path.Combine(Repository.Root, path)).Count()))
            .ToList();

        files.Count.ShouldBeGreaterThan(20);
        SourceRules.TooLong(files).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Every_project_has_tests_of_its_own(string project) =>
        File.Exists(Path.Combine(Repository.Root, "tests", $"{project}.Tests", $"{project}.Tests.csproj")).ShouldBeTrue();

    [Theory]
    [InlineData("src/Hookstream.Api/Models")]
    [InlineData("src/Hookstream.Api/Events/helpers")]
    [InlineData("src/Hookstream.Core/Extensions")]
    public void Rule_finds_a_folder_named_after_a_kind_of_code(string folder) =>
        SourceRules.NamedAfterAKind(["src/Hookstream.Api/Events", folder]).ShouldBe([folder]);

    [Fact]
    public void Rule_finds_a_file_of_one_line_too_many() =>
        SourceRules.TooLong([("fits.cs", SourceRules.MaxLines), ("long.cs", SourceRules.MaxLines + 1)])
            .ShouldBe(["long.cs: 601 lines"]);
}
