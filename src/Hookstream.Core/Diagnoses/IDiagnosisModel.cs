namespace Hookstream.Core.Diagnoses;

/// <summary>A language model that answers in JSON.</summary>
public interface IDiagnosisModel
{
    /// <summary>
    /// Asks once, without trying again. What goes wrong at the provider is a reply, too; only <paramref name="cancellation"/> throws.
    /// </summary>
    Task<ModelReply> AskAsync(DiagnosisPrompt prompt, CancellationToken cancellation);
}
