using CsCheck;
using Hookstream.Core.Statistics;

namespace Hookstream.Core.Tests.Statistics;

public sealed class LatencyHistogramTests
{
    // From microseconds to days, as many of one size as of another.
    private static readonly Gen<double> Milliseconds = Gen.Double[-3, 8.7].Select(exponent => Math.Pow(10, exponent));

    private static readonly Gen<double[]> Samples = Milliseconds.Array[1, 200];

    [Fact]
    public void Percentile_is_within_the_stated_error_of_the_nearest_rank() =>
        Gen.Select(Samples, Gen.Double[0.001, 1]).Sample((samples, share) =>
        {
            var exact = TimeSpan.FromMilliseconds(samples.Order().ElementAt((int)Math.Ceiling(share * samples.Length) - 1)).TotalMilliseconds;
            var estimate = HistogramOf(samples).Percentile(share)!.Value;

            return Math.Abs(estimate - exact) <= Math.Max(0.1, exact * LatencyHistogram.RelativeError + 0.001);
        });

    [Fact]
    public void Percentiles_grow_with_their_share() =>
        Samples.Sample(samples =>
        {
            var histogram = HistogramOf(samples);
            return histogram.Percentile(0.5) <= histogram.Percentile(0.95) && histogram.Percentile(0.95) <= histogram.Percentile(0.99);
        });

    [Fact]
    public void Histograms_add_up_to_that_of_all() =>
        Gen.Select(Samples, Samples).Sample((some, others) =>
        {
            var sum = HistogramOf(some);
            sum.Add(HistogramOf(others));
            var all = HistogramOf([.. some, .. others]);
            return sum.Total == all.Total && sum.Counts.SequenceEqual(all.Counts);
        });

    [Fact]
    public void Counts_make_the_same_histogram_again() =>
        Samples.Sample(samples =>
        {
            var histogram = HistogramOf(samples);
            var again = LatencyHistogram.Of(histogram.Counts);
            return again.Total == histogram.Total && again.Counts.SequenceEqual(histogram.Counts)
                && again.Percentile(0.95) == histogram.Percentile(0.95);
        });

    [Fact]
    public void Counts_end_with_the_longest() =>
        Samples.Sample(samples => HistogramOf(samples).Counts[^1] > 0);

    [Fact]
    public void Nothing_has_no_percentile()
    {
        var empty = new LatencyHistogram();

        empty.Percentile(0.5).ShouldBeNull();
        empty.Total.ShouldBe(0);
        empty.Counts.Length.ShouldBe(0);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(-5.0)]
    [InlineData(1e12)]
    public void Durations_beyond_every_slot_are_counted(double milliseconds)
    {
        var histogram = HistogramOf([milliseconds]);

        histogram.Total.ShouldBe(1);
        histogram.Percentile(1).ShouldNotBeNull();
    }

    [Fact]
    public void Counts_of_more_slots_than_there_are_do_no_harm() =>
        LatencyHistogram.Of(Enumerable.Repeat(1L, 1_000).ToArray()).Percentile(1).ShouldNotBeNull();

    private static LatencyHistogram HistogramOf(double[] samples)
    {
        var histogram = new LatencyHistogram();
        foreach (var sample in samples)
            histogram.Record(TimeSpan.FromMilliseconds(sample));
        return histogram;
    }
}
