using System.Reflection;
using System.Xml.Linq;

namespace Hookstream.Architecture.Tests.References;

/// <summary>
/// Who may know whom: Core knows nobody, adapters and the two sides of the service know Core, the client knows nobody, and
/// only the server sees everything.
/// </summary>
public sealed class ReferenceTests
{
    public static TheoryData<string> Projects => [.. Repository.Projects];

    [Fact]
    public void Every_project_has_a_rule() =>
        Repository.Projects.ShouldBe(ReferenceRule.All.Keys, ignoreOrder: true);

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_file_references_only_what_it_may_know(string project)
    {
        var document = XDocument.Load(Repository.ProjectFile(project));
        var projects = document.Descendants("ProjectReference")
            .Select(element => Path.GetFileNameWithoutExtension((string)element.Attribute("Include")!));
        var packages = document.Descendants("PackageReference").Select(element => (string)element.Attribute("Include")!);
        var frameworks = document.Descendants("FrameworkReference").Select(element => (string)element.Attribute("Include")!);

        ReferenceRule.All[project].Violations([.. projects, .. packages, .. frameworks]).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Assembly_uses_only_what_it_may_know(string project)
    {
        var references = AssemblyOf(project).GetReferencedAssemblies().Select(reference => reference.Name!).ToList();

        references.ShouldContain("System.Runtime", "the references are those of the compiled code");
        ReferenceRule.All[project].Violations(references).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Hookstream.Core")]
    [InlineData("Hookstream.Client")]
    public void Project_that_others_build_on_needs_no_package(string project) =>
        XDocument.Load(Repository.ProjectFile(project)).Descendants("PackageReference").ShouldBeEmpty();

    [Theory]
    [InlineData("Hookstream.Core", "Hookstream.Storage.Sqlite")]
    [InlineData("Hookstream.Core", "System.Net.Http")]
    [InlineData("Hookstream.Core", "Microsoft.Data.Sqlite")]
    [InlineData("Hookstream.Core", "Microsoft.AspNetCore.Http.Abstractions")]
    [InlineData("Hookstream.Core", "SQLitePCLRaw.core")]
    [InlineData("Hookstream.Core", "dbup-sqlite")]
    [InlineData("Hookstream.Storage.Sqlite", "Hookstream.Delivery")]
    [InlineData("Hookstream.Storage.Sqlite", "Microsoft.AspNetCore.App")]
    [InlineData("Hookstream.Delivery", "Hookstream.Api")]
    [InlineData("Hookstream.Delivery", "Npgsql")]
    [InlineData("Hookstream.Api", "Hookstream.Storage.Sqlite")]
    [InlineData("Hookstream.Api", "System.Net.Http")]
    [InlineData("Hookstream.Client", "Hookstream.Core")]
    [InlineData("Hookstream.Api", "hookstream")]
    public void Rule_finds_what_a_project_must_not_know(string project, string reference) =>
        ReferenceRule.All[project].Violations(["System.Runtime", reference]).ShouldBe([reference]);

    [Theory]
    [InlineData("Hookstream.Api", "Hookstream.Core")]
    [InlineData("Hookstream.Delivery", "System.Net.Http")]
    [InlineData("Hookstream.Client", "System.Net.Http")]
    [InlineData("Hookstream.Server", "Hookstream.Storage.Sqlite")]
    public void Rule_lets_pass_what_a_project_may_know(string project, string reference) =>
        ReferenceRule.All[project].Violations([reference]).ShouldBeEmpty();

    private static Assembly AssemblyOf(string project) =>
        Assembly.Load(project == "Hookstream.Server" ? "hookstream" : project);
}
