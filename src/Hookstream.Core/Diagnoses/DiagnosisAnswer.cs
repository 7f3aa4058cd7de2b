using System.Text.Json;

namespace Hookstream.Core.Diagnoses;

/// <summary>
/// The answer that is asked of a model: its schema, and whether an answer keeps to it. That a provider enforces schemas is not
/// relied on.
/// </summary>
internal static class DiagnosisAnswer
{
    private const int MaxSummary = 1_000;
    private const int MaxText = 2_000;

    // Providers take no lengths in schemas, so that descriptions say them.
    public static readonly string Schema =
        $$"""
        {
          "type": "object",
          "properties": {
            "summary": {"type": "string", "description": "What happened, in one or two sentences."},
            "likely_cause": {"type": "string", "description": "Why, as far as the evidence tells, in at most five sentences."},
            "pattern": {"type": "string", "enum": [{{Quoted(DiagnosisWords.Patterns.Select(entry => entry.Word))}}]},
            "recommended_action": {"type": "string", "description": "What to do about it, in at most five sentences."},
            "confidence": {"type": "string", "enum": [{{Quoted(DiagnosisWords.Confidences.Select(entry => entry.Word))}}]}
          },
          "required": ["summary", "likely_cause", "pattern", "recommended_action", "confidence"],
          "additionalProperties": false
        }
        """;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    /// <summary>Reads an answer; null, and all that is wrong with it, where it is not as it should be.</summary>
    public static EndpointDiagnosis? Read(string answer, out IReadOnlyList<string> faults)
    {
        var found = new List<string>();
        faults = found;
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(answer, Strict);
        }
        catch (JsonException)
        {
            found.Add("it is not valid JSON");
            return null;
        }

        using (document)
        {
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                found.Add("it is not a JSON object");
                return null;
            }

            var summary = Text(root, "summary", MaxSummary, found);
            var cause = Text(root, "likely_cause", MaxText, found);
            var pattern = Word(root, "pattern", DiagnosisWords.Patterns, found);
            var action = Text(root, "recommended_action", MaxText, found);
            var confidence = Word(root, "confidence", DiagnosisWords.Confidences, found);
            string[] known = ["summary", "likely_cause", "pattern", "recommended_action", "confidence"];
            if (root.EnumerateObject().Any(property => !known.Contains(property.Name)))
                found.Add("it has other fields than those");
            return found.Count == 0 ? new EndpointDiagnosis(summary, cause, pattern, action, confidence) : null;
        }
    }

    private static string Text(JsonElement root, string name, int max, List<string> faults)
    {
        var text = root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()!.Trim() : "";
        if (text.Length == 0)
            faults.Add($"'{name}' must be a string that is not empty");
        else if (text.Length > max)
            faults.Add($"'{name}' must not be longer than {max} characters");
        return text;
    }

    private static T Word<T>(JsonElement root, string name, IReadOnlyList<(string Word, T Value)> words, List<string> faults)
    {
        if (root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String)
        {
            foreach (var (word, meaning) in words)
            {
                if (value.ValueEquals(word))
                    return meaning;
            }
        }

        faults.Add($"'{name}' must be one of {string.Join(", ", words.Select(entry => entry.Word))}");
        return words[0].Value;
    }

    private static string Quoted(IEnumerable<string> words) => string.Join(", ", words.Select(word => $"\"{word}\""));
}
