using Hookstream.EndToEnd.Tests.Api;
using Hookstream.EndToEnd.Tests.BadInput;
using Hookstream.EndToEnd.Tests.Servers;

namespace Hookstream.EndToEnd.Tests.Documentation;

public sealed class OpenApiTests(SharedServer shared)
{
    [Fact]
    public async Task OpenApi_document_has_every_call()
    {
        var answer = await new ApiClient(shared.Server.Http, null).GetAsync("/openapi/v1.json");

        answer.ShouldHaveStatus(200);
        answer.Json.Text("openapi").ShouldStartWith("3.");
        var documented = (
            from path in answer.Json.GetProperty("paths").EnumerateObject()
            from operation in path.Value.EnumerateObject()
            select $"{operation.Name.ToUpperInvariant()} {Anonymised(path.Name)}").ToHashSet();
        foreach (var call in Calls.All)
            documented.ShouldContain($"{call.Method} {Anonymised(call.Path)}");
    }

    [Fact]
    public async Task Docs_page_answers_and_loads_nothing_from_outside()
    {
        var answer = await new ApiClient(shared.Server.Http, null).GetAsync("/docs");
        if (answer.Status is 301 or 302 or 307 or 308)
            answer = await new ApiClient(shared.Server.Http, null).GetAsync(answer.Headers["Location"]);

        answer.ShouldHaveStatus(200);
        answer.ContentType.ShouldBe("text/html");
        answer.Text.ShouldNotContain("https://cdn.");
        answer.Text.ShouldNotContain("fonts.scalar.com");
    }

    // What a path parameter is called is the document's own affair.
    private static string Anonymised(string path) => System.Text.RegularExpressions.Regex.Replace(path.TrimEnd('/'), @"\{[^}]*\}", "{}");
}
