namespace Hookstream.Core.Diagnoses;

/// <summary>What a model is asked.</summary>
/// <param name="System">What it is to do, and what it must not.</param>
/// <param name="Turns">The conversation: ours first, then in turn the model's and ours.</param>
/// <param name="Schema">The JSON schema that its answer has to keep to.</param>
public sealed record DiagnosisPrompt(string System, IReadOnlyList<string> Turns, string Schema)
{
    /// <summary>The conversation with an answer and what to say to it.</summary>
    public DiagnosisPrompt After(string answer, string reply) => this with { Turns = [.. Turns, answer, reply] };
}
