namespace Hookstream.Core.Deliveries;

/// <summary>Why a delivery reads as held.</summary>
public enum HoldReason
{
    /// <summary>Its endpoint is paused.</summary>
    Paused,

    /// <summary>Its endpoint has not answered the challenge.</summary>
    Unverified,

    /// <summary>Its endpoint's circuit is open.</summary>
    CircuitOpen,
}
