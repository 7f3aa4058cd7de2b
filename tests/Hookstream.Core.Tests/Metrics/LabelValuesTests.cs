using Hookstream.Core.Metrics;

namespace Hookstream.Core.Tests.Metrics;

public sealed class LabelValuesTests
{
    [Fact]
    public void First_values_keep_their_places_and_later_ones_are_other()
    {
        var labels = new LabelValues(2);

        labels.Of("a").ShouldBe("a");
        labels.Of("b").ShouldBe("b");
        labels.Of("c").ShouldBe(LabelValues.Other);
        labels.Of("a").ShouldBe("a");
        labels.Of("B").ShouldBe(LabelValues.Other);
        labels.Of(LabelValues.Other).ShouldBe(LabelValues.Other);
    }

    [Fact]
    public async Task Many_at_once_get_no_more_places_than_there_are()
    {
        const int Cap = 100;
        var labels = new LabelValues(Cap);
        using var start = new Barrier(8);

        var given = await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait(TestContext.Current.CancellationToken);
                // Every value from two threads, and each thread in an order of its own.
                return Enumerable.Range(0, 500)
                    .Select(i => labels.Of($"value-{thread / 2}-{(i * 7 + thread) % 500}")).ToArray();
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        var places = given.SelectMany(values => values).Where(value => value != LabelValues.Other).ToHashSet();
        places.Count.ShouldBe(Cap);
        places.ShouldAllBe(value => labels.Of(value) == value);
        labels.Of("another").ShouldBe(LabelValues.Other);
    }

    [Fact]
    public void Looking_up_allocates_nothing()
    {
        var labels = new LabelValues(1);
        labels.Of("known");
        labels.Of("unknown");
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 1_000; i++)
        {
            labels.Of("known");
            labels.Of("unknown");
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }
}
