namespace Hookstream.Core.Diagnoses;

/// <summary>What kind of reply a model gave.</summary>
public enum ModelReplyKind
{
    /// <summary>An answer, which may or may not be what was asked for.</summary>
    Answer,

    /// <summary>It does not want to answer.</summary>
    Refusal,

    /// <summary>The provider takes no more just now, and may in a moment.</summary>
    Busy,

    /// <summary>The provider cannot be reached, or did not accept the request.</summary>
    Failure,
}
