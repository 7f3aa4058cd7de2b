namespace Hookstream.Core.Diagnoses;

/// <summary>What came of a request for a diagnosis.</summary>
public enum DiagnosisOutcome
{
    /// <summary>There is one.</summary>
    Diagnosed,

    /// <summary>Nothing failed lately.</summary>
    NoFailures,

    /// <summary>The tenant has no such subscriber.</summary>
    NotFound,

    /// <summary>The model gave none.</summary>
    Failed,

    /// <summary>The model took too long.</summary>
    TimedOut,
}
