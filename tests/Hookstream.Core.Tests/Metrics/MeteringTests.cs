using Hookstream.Conformance.Metrics;
using Hookstream.Core.Metrics;

namespace Hookstream.Core.Tests.Metrics;

public sealed class MeteringTests
{
    [Fact]
    public void Counts_are_there_from_the_start_and_grow()
    {
        using var meters = new RecordedMeters();
        var meter = meters.CreateMeter();
        var plain = meter.CreateTally("plain", "{thing}", "Things.");
        var told = meter.CreateTallies("told", "{thing}", "Things by kind.", "kind", "good", "bad");

        meters.Value("plain").ShouldBe(0);
        meters.Values("told").ShouldBe([0, 0]);
        plain.Add();
        plain.Add(4);
        told[1].Add(2);
        meters.Value("plain").ShouldBe(5);
        meters.Value("told", "kind=good").ShouldBe(0);
        meters.Value("told", "kind=bad").ShouldBe(2);
    }

    [Fact]
    public void Without_a_factory_there_is_a_meter_all_the_same()
    {
        using var meter = Metering.CreateMeter(null);

        meter.Name.ShouldBe(Metering.MeterName);
        meter.CreateTally("plain", "{thing}", "Things.").Value.ShouldBe(0);
    }

    [Fact]
    public void Buckets_rise()
    {
        foreach (var buckets in (IReadOnlyList<double>[])[Metering.RequestSeconds, Metering.WorkSeconds, Metering.WaitSeconds])
            buckets.ShouldBe(buckets.Order().Distinct());
        Metering.BatchSizes.ShouldBe(Metering.BatchSizes.Order().Distinct());
    }
}
