using System.Text.Json;

namespace Hookstream.Api.Tests;

/// <summary>What the API answered.</summary>
internal sealed record Answered(int Status, IReadOnlyDictionary<string, string> Headers, string Text, JsonElement Json)
{
    public string? Code =>
        Json.ValueKind == JsonValueKind.Object && Json.TryGetProperty("code", out var code) ? code.GetString() : null;

    public string Detail => Json.GetProperty("detail").GetString()!;

    public JsonElement Data => Json.GetProperty("data");

    public string Id => Data.GetProperty("id").GetString()!;

    public string[] ErrorFields =>
        Json.TryGetProperty("errors", out var errors) ? [.. errors.EnumerateObject().Select(error => error.Name)] : [];

    public string Error(string field) => Json.GetProperty("errors").GetProperty(field)[0].GetString()!;

    public void ShouldFail(int status, string code)
    {
        Status.ShouldBe(status, Text);
        Code.ShouldBe(code, Text);
        Headers["Content-Type"].ShouldBe("application/problem+json");
        Headers.ShouldContainKey("X-Request-Id");
        Json.GetProperty("success").GetBoolean().ShouldBeFalse();
        Json.GetProperty("status").GetInt32().ShouldBe(status);
        Json.GetProperty("error").GetString().ShouldBe(Detail);
        Json.GetProperty("type").GetString().ShouldEndWith(code);
        Json.GetProperty("title").GetString().ShouldNotBeNullOrEmpty();
    }
}
