using System.Text;
using System.Text.Json;

namespace Hookstream.EndToEnd.Tests.Api;

/// <summary>An answer of the API, with the checks that the wire contract promises for every one.</summary>
internal sealed record ApiAnswer(
    string Call, int Status, string? ContentType, IReadOnlyDictionary<string, string> Headers, byte[] Bytes)
{
    public string Text => Encoding.UTF8.GetString(Bytes);

    public JsonElement Json => JsonElement.Parse(Bytes);

    public JsonElement Meta => Json.GetProperty("meta");

    /// <summary>The <c>data</c> of a success with this status.</summary>
    public JsonElement Data(int status = 200)
    {
        ShouldHaveStatus(status);
        Json.GetProperty("success").GetBoolean().ShouldBeTrue(Text);
        return Json.GetProperty("data");
    }

    public void ShouldHaveStatus(int status)
    {
        Status.ShouldBe(status, $"{Call}: {Text}");
        Headers.ShouldContainKey("X-Request-Id", Call);
    }

    /// <summary>
    /// Checks a failure: problem details with the code (or one of several, separated by '|'), and a message for each of
    /// the fields.
    /// </summary>
    public JsonElement ShouldBeProblem(int status, string code, params string[] fields)
    {
        ShouldHaveStatus(status);
        ContentType.ShouldBe("application/problem+json", Call);
        var problem = Json;
        problem.GetProperty("status").GetInt32().ShouldBe(status, Text);
        problem.GetProperty("success").GetBoolean().ShouldBeFalse(Text);
        code.Split('|').ShouldContain(problem.GetProperty("code").GetString()!, $"{Call}: {Text}");
        problem.GetProperty("type").GetString().ShouldNotBeNullOrEmpty(Text);
        problem.GetProperty("title").GetString().ShouldNotBeNullOrEmpty(Text);
        problem.GetProperty("detail").GetString().ShouldNotBeNullOrEmpty(Text);
        problem.GetProperty("error").GetString().ShouldBe(problem.GetProperty("detail").GetString(), Text);
        if (fields.Length > 0)
        {
            var named = problem.GetProperty("errors").EnumerateObject().Select(error => error.Name).ToArray();
            foreach (var field in fields)
                named.ShouldContain(name => NamesField(name, field), $"{Call}: no error for '{field}' in {Text}");
        }

        return problem;
    }

    // 'events[0]' and 'events.0' are errors of 'events' too.
    private static bool NamesField(string name, string field) =>
        name == field
        || name.StartsWith(field + "[", StringComparison.Ordinal)
        || name.StartsWith(field + ".", StringComparison.Ordinal);
}
