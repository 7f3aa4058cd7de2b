namespace Hookstream.Core.Statistics;

/// <summary>
/// Durations, counted by their size: eight slots for each doubling, from 0.1 ms to some days. What is read back is within
/// <see cref="RelativeError"/> of what was recorded, or within 0.1 ms where that is more. Histograms add up.
/// </summary>
/// <remarks>Not safe for use by several at once.</remarks>
public sealed class LatencyHistogram
{
    /// <summary>How far a percentile may be from the duration it stands for: half a slot.</summary>
    public const double RelativeError = 0.0443;

    private const double Least = 0.1;
    private const int PerDoubling = 8;
    private const int Slots = 264;

    private long[] _counts;

    /// <summary>An empty histogram.</summary>
    public LatencyHistogram() => _counts = [];

    private LatencyHistogram(long[] counts) => _counts = counts;

    /// <summary>How many durations.</summary>
    public long Total { get; private set; }

    /// <summary>The counts by slot, shortest durations first; empty slots at the end left out.</summary>
    public ReadOnlySpan<long> Counts => _counts.AsSpan()[..Length(_counts)];

    /// <summary>A histogram of counts as <see cref="Counts"/> gave them.</summary>
    public static LatencyHistogram Of(ReadOnlySpan<long> counts)
    {
        var kept = counts[..Math.Min(counts.Length, Slots)].ToArray();
        return new LatencyHistogram(kept) { Total = kept.Sum() };
    }

    /// <summary>Counts a duration.</summary>
    public void Record(TimeSpan duration)
    {
        var slot = SlotOf(duration.TotalMilliseconds);
        Grow(slot + 1);
        _counts[slot]++;
        Total++;
    }

    /// <summary>Adds what another one has counted.</summary>
    public void Add(LatencyHistogram other)
    {
        var counts = other.Counts;
        Grow(counts.Length);
        for (var slot = 0; slot < counts.Length; slot++)
            _counts[slot] += counts[slot];
        Total += other.Total;
    }

    /// <summary>
    /// The duration that so great a share of all does not exceed, in milliseconds: the nearest rank; null when there are none.
    /// </summary>
    /// <param name="share">Above 0, at most 1.</param>
    public double? Percentile(double share)
    {
        if (Total == 0)
            return null;
        var rank = Math.Max(1, (long)Math.Ceiling(share * Total));
        var seen = 0L;
        for (var slot = 0; slot < _counts.Length; slot++)
        {
            seen += _counts[slot];
            if (seen >= rank)
                return MiddleOf(slot);
        }

        throw new InvalidOperationException("the counts are fewer than their total");
    }

    private static int SlotOf(double milliseconds) =>
        milliseconds < Least ? 0 : Math.Min(Slots - 1, 1 + (int)(Math.Log2(milliseconds / Least) * PerDoubling));

    private static double MiddleOf(int slot) =>
        slot == 0 ? Least / 2 : Math.Round(Least * Math.Pow(2, (slot - 0.5) / PerDoubling), 3);

    private static int Length(long[] counts)
    {
        var length = counts.Length;
        while (length > 0 && counts[length - 1] == 0)
            length--;
        return length;
    }

    private void Grow(int length)
    {
        if (length > _counts.Length)
            Array.Resize(ref _counts, Math.Min(Slots, length + PerDoubling));
    }
}
