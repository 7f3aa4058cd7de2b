using System.Text.Json;
using System.Text.Json.Nodes;
using Hookstream.Core.Diagnoses;

namespace Hookstream.Core.Tests.Diagnoses;

public sealed class DiagnosisAnswerTests
{
    [Fact]
    public void Answer_that_is_as_it_should_be_is_read()
    {
        var diagnosis = DiagnosisAnswer.Read(Answer().ToJsonString(), out var faults);

        faults.ShouldBeEmpty();
        diagnosis.ShouldBe(new EndpointDiagnosis("s", "c", FailurePattern.EndpointDown, "a", DiagnosisConfidence.Medium));
    }

    [Theory]
    [InlineData("", "JSON")]
    [InlineData("Sure! Here it is: {}", "JSON")]
    [InlineData("```json\n{}\n```", "JSON")]
    [InlineData("[]", "object")]
    [InlineData("null", "object")]
    [InlineData("{\"summary\":\"a\",\"summary\":\"b\"}", "JSON")]
    public void Answer_that_is_no_object_is_refused(string answer, string fault)
    {
        DiagnosisAnswer.Read(answer, out var faults).ShouldBeNull();

        faults.ShouldHaveSingleItem().ShouldContain(fault);
    }

    [Theory]
    [InlineData("summary", null)]
    [InlineData("summary", "\"  \"")]
    [InlineData("summary", "7")]
    [InlineData("likely_cause", null)]
    [InlineData("pattern", null)]
    [InlineData("pattern", "\"Transient\"")]
    [InlineData("pattern", "\"broken\"")]
    [InlineData("recommended_action", "null")]
    [InlineData("confidence", "\"certain\"")]
    [InlineData("confidence", "0.5")]
    public void Field_that_is_missing_or_wrong_is_named(string field, string? value)
    {
        var answer = Answer();
        answer.Remove(field);
        if (value is not null)
            answer[field] = JsonNode.Parse(value);

        DiagnosisAnswer.Read(answer.ToJsonString(), out var faults).ShouldBeNull();

        faults.ShouldHaveSingleItem().ShouldStartWith($"'{field}'");
    }

    [Fact]
    public void All_that_is_wrong_is_told_at_once()
    {
        DiagnosisAnswer.Read("""{"more":1}""", out var faults).ShouldBeNull();

        faults.Count.ShouldBe(6);
    }

    [Fact]
    public void Text_that_is_too_long_is_refused()
    {
        var answer = Answer();
        answer["summary"] = new string('x', 1_001);
        answer["likely_cause"] = new string('x', 2_000);

        DiagnosisAnswer.Read(answer.ToJsonString(), out var faults).ShouldBeNull();

        faults.ShouldHaveSingleItem().ShouldContain("1000");
    }

    [Fact]
    public void Schema_has_the_fields_and_words_that_are_read()
    {
        var schema = JsonElement.Parse(DiagnosisAnswer.Schema);

        var fields = schema.GetProperty("properties").EnumerateObject().Select(property => property.Name).ToList();
        fields.ShouldBe(Answer().Select(property => property.Key));
        schema.GetProperty("required").EnumerateArray().Select(name => name.GetString()).ShouldBe(fields);
        schema.GetProperty("additionalProperties").GetBoolean().ShouldBeFalse();
        foreach (var word in schema.GetProperty("properties").GetProperty("pattern").GetProperty("enum").EnumerateArray())
        {
            var answer = Answer();
            answer["pattern"] = word.GetString();
            DiagnosisAnswer.Read(answer.ToJsonString(), out _).ShouldNotBeNull();
        }
    }

    private static JsonObject Answer() => new()
    {
        ["summary"] = " s ",
        ["likely_cause"] = "c",
        ["pattern"] = "endpoint_down",
        ["recommended_action"] = "a",
        ["confidence"] = "medium",
    };
}
