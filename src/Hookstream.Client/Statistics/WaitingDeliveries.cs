namespace Hookstream.Client.Statistics;

/// <summary>What waits now.</summary>
public sealed record WaitingDeliveries
{
    /// <summary>Not attempted yet.</summary>
    public required long Pending { get; init; }

    /// <summary>Behind a pause, a challenge or an open circuit.</summary>
    public required long Held { get; init; }

    /// <summary>A retry is scheduled.</summary>
    public required long Failed { get; init; }

    /// <summary>False: more than 10,000 wait, and so many were counted.</summary>
    public required bool Complete { get; init; }
}
