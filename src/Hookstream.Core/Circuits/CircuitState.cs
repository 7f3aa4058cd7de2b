namespace Hookstream.Core.Circuits;

/// <summary>What a circuit lets through.</summary>
public enum CircuitState
{
    /// <summary>Everything.</summary>
    Closed,

    /// <summary>Nothing, until the cooling period ends.</summary>
    Open,

    /// <summary>One request at a time, which decides.</summary>
    HalfOpen,
}
