namespace Hookstream.Core.Recoveries;

/// <summary>What came of asking for a recovery.</summary>
public enum RecoveryOutcome
{
    /// <summary>It is written down and runs in the background.</summary>
    Accepted,

    /// <summary>The tenant has no such subscriber.</summary>
    NotFound,

    /// <summary>The subscriber is disabled: nothing would be sent.</summary>
    Disabled,
}
