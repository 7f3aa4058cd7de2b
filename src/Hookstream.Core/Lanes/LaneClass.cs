namespace Hookstream.Core.Lanes;

/// <summary>
/// What a delivery waits among at its endpoint: those of its priority that are sent for the first time, or those that have failed
/// before. A number, as it is stored: 0 to 3 are first attempts of the priorities high, normal, low and background, 4 to 7 retries of the
/// same. The two of a priority are served in turn, so that neither keeps the other waiting.
/// </summary>
internal static class LaneClass
{
    /// <summary>High, normal, low, and behind them what is replayed in bulk or recovered.</summary>
    public const int Priorities = 4;

    /// <summary>How many classes there are.</summary>
    public const int Count = 2 * Priorities;

    /// <summary>The first attempts of bulk replays and recoveries, behind fresh events.</summary>
    public const int Background = 3;

    /// <summary>The priority of a class: those of a lower one go first.</summary>
    public static int PriorityOf(int laneClass) => laneClass % Priorities;

    /// <summary>True for what has failed before.</summary>
    public static bool IsRetry(int laneClass) => laneClass >= Priorities;

    /// <summary>The class of the same priority in which a delivery waits that has failed.</summary>
    public static int RetryOf(int laneClass) => PriorityOf(laneClass) + Priorities;

    /// <summary>The other class of the same priority.</summary>
    public static int OtherOf(int laneClass) => (laneClass + Priorities) % Count;
}
