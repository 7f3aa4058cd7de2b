namespace Hookstream.Core.Statistics;

/// <summary>What came of attempts, counted. Not safe for use by several at once.</summary>
public sealed class StatisticsFigures
{
    /// <summary>Attempts that delivered.</summary>
    public long Delivered { get; set; }

    /// <summary>Attempts that failed and are followed by another.</summary>
    public long Failed { get; set; }

    /// <summary>Attempts that failed and were the last ones.</summary>
    public long DeadLetter { get; set; }

    /// <summary>How long the attempts took.</summary>
    public LatencyHistogram Durations { get; init; } = new();

    /// <summary>How long deliveries took from the event's acceptance, or their last replay, to their success.</summary>
    public LatencyHistogram Latencies { get; init; } = new();

    /// <summary>All attempts.</summary>
    public long Attempts => Delivered + Failed + DeadLetter;

    /// <summary>Which share of the attempts delivered; null when there were none.</summary>
    public double? SuccessRate => Attempts == 0 ? null : (double)Delivered / Attempts;

    /// <summary>Counts an attempt that is recorded; one that was cut off by a shutdown is none.</summary>
    /// <param name="settlement">What came of it.</param>
    /// <param name="waitingSince">When its schedule began.</param>
    public void Record(Settlement settlement, DateTimeOffset waitingSince)
    {
        if (settlement.Attempt is not { } attempt || settlement.Disposition == Disposition.Release)
            return;
        Durations.Record(attempt.Duration);
        switch (settlement.Disposition)
        {
            case Disposition.Delivered:
                Delivered++;
                // Two clocks may differ by more than a delivery takes.
                var latency = attempt.StartedAt + attempt.Duration - waitingSince;
                Latencies.Record(latency > TimeSpan.Zero ? latency : TimeSpan.Zero);
                break;
            case Disposition.DeadLetter:
                DeadLetter++;
                break;
            default:
                Failed++;
                break;
        }
    }

    /// <summary>Adds what others have counted.</summary>
    public void Add(StatisticsFigures other)
    {
        Delivered += other.Delivered;
        Failed += other.Failed;
        DeadLetter += other.DeadLetter;
        Durations.Add(other.Durations);
        Latencies.Add(other.Latencies);
    }
}
