namespace Hookstream.Core.Diagnoses;

/// <summary>How the API, and the model, write what a diagnosis can be.</summary>
public static class DiagnosisWords
{
    /// <summary>The patterns.</summary>
    public static readonly IReadOnlyList<(string Word, FailurePattern Value)> Patterns =
    [
        ("transient", FailurePattern.Transient),
        ("systematic", FailurePattern.Systematic),
        ("auth", FailurePattern.Auth),
        ("endpoint_down", FailurePattern.EndpointDown),
        ("rate_limited", FailurePattern.RateLimited),
        ("unknown", FailurePattern.Unknown),
    ];

    /// <summary>The confidences.</summary>
    public static readonly IReadOnlyList<(string Word, DiagnosisConfidence Value)> Confidences =
    [
        ("high", DiagnosisConfidence.High), ("medium", DiagnosisConfidence.Medium), ("low", DiagnosisConfidence.Low),
    ];
}
