namespace Hookstream.Core.Diagnoses;

/// <summary>Why an endpoint fails, as a model sees it.</summary>
/// <param name="Summary">What happened.</param>
/// <param name="LikelyCause">Why, as far as the evidence tells.</param>
/// <param name="Pattern">What kind of trouble it is.</param>
/// <param name="RecommendedAction">What to do about it.</param>
/// <param name="Confidence">How sure it is.</param>
public sealed record EndpointDiagnosis(
    string Summary, string LikelyCause, FailurePattern Pattern, string RecommendedAction, DiagnosisConfidence Confidence);
