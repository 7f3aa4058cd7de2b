namespace Hookstream.Core.Diagnoses;

/// <summary>How sure a diagnosis is.</summary>
public enum DiagnosisConfidence
{
    /// <summary>A guess.</summary>
    Low,

    /// <summary>Likely.</summary>
    Medium,

    /// <summary>The evidence leaves little doubt.</summary>
    High,
}
