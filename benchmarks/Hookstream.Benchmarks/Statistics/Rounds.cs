namespace Hookstream.Benchmarks.Statistics;

/// <summary>What becomes of the rounds of a run: the median, since one round in three may be disturbed.</summary>
internal static class Rounds
{
    public static double Median(this IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>
    /// Median of the ratios within each round, so that a slow minute of the machine slows both sides of it.
    /// </summary>
    public static double MedianRatio(IEnumerable<double> measured, IEnumerable<double> ceilings) =>
        measured.Zip(ceilings, (value, ceiling) => value / ceiling).Median();
}
