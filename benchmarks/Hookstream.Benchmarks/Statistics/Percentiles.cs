namespace Hookstream.Benchmarks.Statistics;

internal readonly record struct Percentiles(double P50, double P95, double P99, double Max)
{
    public static Percentiles Of(double[] values)
    {
        if (values.Length == 0)
            throw new BenchmarkException("no value was measured");
        var sorted = values.Order().ToArray();
        return new Percentiles(
            NearestRank(sorted, 0.50),
            NearestRank(sorted, 0.95),
            NearestRank(sorted, 0.99),
            sorted[^1]);
    }

    public override string ToString() => $"{P50:n2} / {P95:n2} / {P99:n2}";

    private static double NearestRank(double[] sorted, double quantile) =>
        sorted[Math.Max(0, (int)Math.Ceiling(quantile * sorted.Length) - 1)];
}
