using Hookstream.Api.Json;
using Hookstream.Core.Diagnoses;

namespace Hookstream.Api.Diagnoses;

/// <summary>Why an endpoint fails, as a model sees it.</summary>
/// <param name="Summary">What happened.</param>
/// <param name="LikelyCause">Why, as far as the evidence tells.</param>
/// <param name="Pattern">`transient`, `systematic`, `auth`, `endpoint_down`, `rate_limited` or `unknown`.</param>
/// <param name="RecommendedAction">What to do about it.</param>
/// <param name="Confidence">`high`, `medium` or `low`.</param>
internal sealed record DiagnosisResponse(
    string Summary, string LikelyCause, string Pattern, string RecommendedAction, string Confidence)
{
    private static readonly WordSet<FailurePattern> Patterns = new([.. DiagnosisWords.Patterns]);
    private static readonly WordSet<DiagnosisConfidence> Confidences = new([.. DiagnosisWords.Confidences]);

    public static DiagnosisResponse Of(EndpointDiagnosis diagnosis) => new(
        diagnosis.Summary,
        diagnosis.LikelyCause,
        Patterns.Format(diagnosis.Pattern),
        diagnosis.RecommendedAction,
        Confidences.Format(diagnosis.Confidence));
}
