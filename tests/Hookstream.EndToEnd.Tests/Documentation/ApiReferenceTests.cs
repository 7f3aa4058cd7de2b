using System.Text.RegularExpressions;
using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.Servers;

namespace Hookstream.EndToEnd.Tests.Documentation;

/// <summary>docs/api.md has the calls that a running server describes in its OpenAPI document.</summary>
public sealed partial class ApiReferenceTests(SharedServer shared)
{
    [Fact]
    public async Task Reference_has_a_section_for_every_call_and_no_other()
    {
        var document = await new ApiClient(shared.Server.Http, null).GetAsync("/openapi/v1.json");
        document.ShouldHaveStatus(200);
        // HEAD is GET without a body, and is described with it.
        var calls = (
            from path in document.Json.GetProperty("paths").EnumerateObject()
            from operation in path.Value.EnumerateObject()
            where operation.Name != "head"
            select $"{operation.Name.ToUpperInvariant()} {path.Name}").ToList();
        calls.Count.ShouldBeGreaterThan(30);

        var reference = await File.ReadAllTextAsync(
            Path.Combine(Repository.Root, "docs", "api.md"), TestContext.Current.CancellationToken);

        Sections().Matches(reference).Select(section => section.Groups[1].Value).ShouldBe(calls, ignoreOrder: true);
    }

    [GeneratedRegex("^### `([A-Z]+ /[^`]*)`$", RegexOptions.Multiline)]
    private static partial Regex Sections();
}
