using System.Text.RegularExpressions;
using Hookstream.Server.Configuration;

namespace Hookstream.Server.Tests.Documentation;

/// <summary>docs/configuration.md has the variables that the program reads, all of them and no others.</summary>
public sealed partial class ConfigurationReferenceTests
{
    [Fact]
    public void Reference_has_every_variable_that_the_program_reads_and_no_other()
    {
        var documented = Documented();

        documented.ShouldBe(Read(), ignoreOrder: true);
    }

    [Fact]
    public void Reference_names_each_variable_in_one_table_only()
    {
        Rows().Matches(Repository.Read("docs/configuration.md"))
            .Select(row => row.Groups[1].Value)
            .ShouldBeUnique();
    }

    private static HashSet<string> Documented() =>
        [.. Rows().Matches(Repository.Read("docs/configuration.md")).Select(row => row.Groups[1].Value)];

    private static HashSet<string> Read()
    {
        var asked = new AskedConfiguration();
        SettingsLoader.Load(new SettingsReader(asked), Role.All).ShouldNotBeNull();
        HashSet<string> read = [.. asked.Asked.Where(name => !name.StartsWith("Hookstream:", StringComparison.Ordinal))];
        read.Count.ShouldBeGreaterThan(15);
        // Those of the command line are read one by one, where they are needed.
        foreach (var source in Repository.Sources())
            read.UnionWith(Names().Matches(source).Select(name => name.Groups[1].Value));
        return read;
    }

    /// <summary>A row of a table that begins with a name in capitals, in the form of code.</summary>
    [GeneratedRegex(@"^\| `([A-Z][A-Z0-9_]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Rows();

    /// <summary>A string that is a variable's name and nothing else.</summary>
    [GeneratedRegex("\"(HOOKSTREAM_[A-Z0-9_]+)\"")]
    private static partial Regex Names();
}
