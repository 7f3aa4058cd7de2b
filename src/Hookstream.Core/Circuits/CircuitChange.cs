namespace Hookstream.Core.Circuits;

/// <summary>What an outcome has done to a circuit.</summary>
internal enum CircuitChange
{
    /// <summary>It is as it was: closed.</summary>
    None,

    /// <summary>It has opened.</summary>
    Opened,

    /// <summary>It has closed.</summary>
    Closed,

    /// <summary>It stays open: the probe failed.</summary>
    ProbeFailed,
}
