using System.Reflection;
using System.Text.RegularExpressions;
using Hookstream.Api.Problems;

namespace Hookstream.Api.Tests.Documentation;

/// <summary>docs/api.md has the closed list of codes as it is in the program, each with its status.</summary>
public sealed partial class ErrorReferenceTests
{
    [Fact]
    public void Reference_has_every_code_with_its_status_and_no_other()
    {
        var known = typeof(ProblemCode).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => (ProblemCode)field.GetValue(null)!)
            .Select(code => $"{code.Name} {code.Status}")
            .ToList();

        var documented = Rows().Matches(Read()).Select(row => $"{row.Groups[1].Value} {row.Groups[2].Value}");

        known.Count.ShouldBeGreaterThan(15);
        documented.ShouldBe(known, ignoreOrder: true);
    }

    private static string Read()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "Hookstream.slnx")))
            directory = directory.Parent ?? throw new InvalidOperationException($"no Hookstream.slnx above {AppContext.BaseDirectory}");
        return File.ReadAllText(Path.Combine(directory.FullName, "docs", "api.md"));
    }

    /// <summary>A row of a table that begins with a word and a status.</summary>
    [GeneratedRegex(@"^\| `([a-z_]+)` \| (\d{3}) \|", RegexOptions.Multiline)]
    private static partial Regex Rows();
}
