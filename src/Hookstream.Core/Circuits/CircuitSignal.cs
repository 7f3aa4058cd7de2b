namespace Hookstream.Core.Circuits;

/// <summary>What an outcome says about its endpoint.</summary>
public enum CircuitSignal
{
    /// <summary>Nothing: nothing was sent, it was cut off by us, or the endpoint asked for fewer requests (429).</summary>
    None,

    /// <summary>It works.</summary>
    Success,

    /// <summary>It does not.</summary>
    Failure,
}
