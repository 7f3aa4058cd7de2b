using System.Diagnostics.Metrics;
using Hookstream.Core.Metrics;
using Hookstream.Delivery.Settling;

namespace Hookstream.Delivery.Tests.Settling;

public sealed class DeliverySeriesTests
{
    [Fact]
    public void Results_are_told_apart_by_tenant_type_and_status()
    {
        var series = new DeliverySeries();
        series.Count("acme", "order.paid", Disposition.Delivered);
        series.Count("acme", "order.paid", Disposition.Delivered);
        series.Count("acme", "order.paid", Disposition.Retry);
        series.Count("acme", "order.sent", Disposition.DeadLetter);
        series.Count("zenith", "order.paid", Disposition.Release);

        Counted(series).ShouldBe(
            new Dictionary<string, long>
            {
                ["acme order.paid delivered"] = 2,
                ["acme order.paid failed"] = 1,
                ["acme order.sent dead_letter"] = 1,
                ["zenith order.paid failed"] = 1,
            },
            ignoreOrder: true);
    }

    [Fact]
    public void Whatever_comes_no_more_series_are_made_than_the_bounds_allow_and_nothing_is_left_out()
    {
        var series = new DeliverySeries(tenants: 5, types: 4, pairs: 7);
        for (var tenant = 0; tenant < 20; tenant++)
        {
            for (var type = 0; type < 20; type++)
                series.Count($"tenant{tenant}", $"type{type}", Disposition.Delivered);
        }

        var all = series.Measure().ToList();
        // Three statuses of 7 pairs, and of what is left over of 5 tenants and of all others.
        all.Count.ShouldBeLessThanOrEqualTo(3 * (7 + 5 + 1));
        all.Sum(measurement => measurement.Value).ShouldBe(400);
        var counted = Counted(series);
        counted.Keys.ShouldContain("tenant0 type0 delivered");
        counted["other other delivered"].ShouldBeGreaterThan(0);
        counted["tenant4 other delivered"].ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Counting_from_many_threads_loses_nothing_and_keeps_the_bounds()
    {
        var series = new DeliverySeries(tenants: 10, types: 10, pairs: 30);
        using var start = new Barrier(8);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait(TestContext.Current.CancellationToken);
                for (var i = 0; i < 2_000; i++)
                    series.Count($"tenant{(i + thread) % 40}", $"type{i % 23}", Disposition.Delivered);
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        var all = series.Measure().ToList();
        all.Sum(measurement => measurement.Value).ShouldBe(16_000);
        all.Count.ShouldBeLessThanOrEqualTo(3 * (30 + 10 + 1));
        all.Select(Name).ShouldBeUnique();
    }

    [Fact]
    public void Counting_a_known_pair_allocates_nothing()
    {
        var series = new DeliverySeries(pairs: 1);
        // What is made once, by whichever test runs first, is made here.
        CountBoth(1);
        GC.GetAllocatedBytesForCurrentThread();
        CountBoth(1);
        var before = GC.GetAllocatedBytesForCurrentThread();

        CountBoth(1_000);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        Counted(series)["acme other failed"].ShouldBe(1_002);
        LabelValues.Other.ShouldBe("other");

        void CountBoth(int times)
        {
            for (var i = 0; i < times; i++)
            {
                series.Count("acme", "order.paid", Disposition.Delivered);
                series.Count("acme", "order.sent", Disposition.Retry);
            }
        }
    }

    private static Dictionary<string, long> Counted(DeliverySeries series) => series.Measure()
        .Where(measurement => measurement.Value > 0)
        .ToDictionary(Name, measurement => measurement.Value);

    private static string Name(Measurement<long> measurement)
    {
        var tags = measurement.Tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value);
        return $"{tags["tenant"]} {tags["event_type"]} {tags["status"]}";
    }
}
