namespace Hookstream.Client.Statistics;

/// <summary>How deliveries have gone of late, and what waits now.</summary>
public sealed record Statistics
{
    /// <summary>The figures of three windows, each up to now.</summary>
    public required StatisticsWindows Windows { get; init; }

    /// <summary>What waits now.</summary>
    public required WaitingDeliveries Waiting { get; init; }
}
