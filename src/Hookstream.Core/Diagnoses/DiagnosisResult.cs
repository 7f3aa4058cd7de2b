namespace Hookstream.Core.Diagnoses;

/// <summary>What came of a request for a diagnosis.</summary>
/// <param name="Outcome">What came of it.</param>
/// <param name="Diagnosis">The diagnosis, where there is one.</param>
/// <param name="Detail">What went wrong, in words that may be shown to API clients.</param>
public sealed record DiagnosisResult(DiagnosisOutcome Outcome, EndpointDiagnosis? Diagnosis = null, string? Detail = null);
