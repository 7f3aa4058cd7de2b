namespace Hookstream.Core.Deliveries;

/// <summary>Why an attempt was made. The values are stored.</summary>
public enum AttemptTrigger
{
    /// <summary>By the retry schedule.</summary>
    Schedule = 0,

    /// <summary>A person replayed it.</summary>
    Replay = 1,

    /// <summary>It probes an open circuit.</summary>
    Probe = 2,

    /// <summary>A test send.</summary>
    Test = 3,
}
