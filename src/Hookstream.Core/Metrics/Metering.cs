using System.Diagnostics.Metrics;

namespace Hookstream.Core.Metrics;

/// <summary>
/// The meter that every instrument of the program belongs to. Names are <c>hookstream.…</c>, times are in seconds; whatever listens
/// (an exporter, a test) is not known here, and where nobody does an instrument costs next to nothing.
/// </summary>
public static class Metering
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Hookstream";

    /// <summary>Buckets, in seconds, for what takes as long as a request to somewhere: 1 ms to 2 minutes.</summary>
    public static IReadOnlyList<double> RequestSeconds { get; } =
        [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

    /// <summary>Buckets, in seconds, for what takes milliseconds: 0.5 ms to 10 s.</summary>
    public static IReadOnlyList<double> WorkSeconds { get; } =
        [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    /// <summary>Buckets, in seconds, for what may wait for a retry or a person: 5 ms to 3 days.</summary>
    public static IReadOnlyList<double> WaitSeconds { get; } =
        [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800, 7_200, 21_600, 86_400, 259_200];

    /// <summary>Buckets for how many of something are done at once.</summary>
    public static IReadOnlyList<int> BatchSizes { get; } = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_000];

    /// <summary>The program's meter; without a factory one of its own, which whoever listens by name hears too.</summary>
    public static Meter CreateMeter(this IMeterFactory? meters) => meters?.Create(MeterName) ?? new Meter(MeterName);

    /// <summary>A count that is exported from the start, at 0.</summary>
    public static Tally CreateTally(this Meter meter, string name, string unit, string description)
    {
        var tally = new Tally();
        meter.CreateObservableCounter(name, () => tally.Value, unit, description);
        return tally;
    }

    /// <summary>Counts that one label with fixed values tells apart, each exported from the start, at 0; in the order of <paramref name="values"/>.</summary>
    public static Tally[] CreateTallies(
        this Meter meter, string name, string unit, string description, string label, params string[] values)
    {
        var tallies = Array.ConvertAll(values, _ => new Tally());
        var tags = Array.ConvertAll(values, value => new KeyValuePair<string, object?>(label, value));
        meter.CreateObservableCounter(
            name, () => tallies.Select((tally, i) => new Measurement<long>(tally.Value, tags[i])), unit, description);
        return tallies;
    }

    /// <summary>A distribution of times.</summary>
    public static Histogram<double> CreateSeconds(this Meter meter, string name, string description, IReadOnlyList<double> buckets) =>
        meter.CreateHistogram(name, "s", description, null, new InstrumentAdvice<double> { HistogramBucketBoundaries = buckets });

    /// <summary>A distribution of sizes of batches.</summary>
    public static Histogram<int> CreateSizes(this Meter meter, string name, string unit, string description) =>
        meter.CreateHistogram(
            name, unit, description, null, new InstrumentAdvice<int> { HistogramBucketBoundaries = BatchSizes });
}
