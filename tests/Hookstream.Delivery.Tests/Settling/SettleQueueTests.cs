using Hookstream.Delivery.Tests.Receivers;
using Hookstream.Delivery.Tests.Stores;

namespace Hookstream.Delivery.Tests.Settling;

public sealed class SettleQueueTests
{
    [Fact]
    public async Task Outcomes_wait_while_the_store_is_away_and_none_is_lost()
    {
        await using var receiver = await WebReceiver.StartAsync();
        await using var host = new WorkerHost(WorkerHost.Options with { Concurrency = 10 });
        var away = true;
        host.Deliveries.SettleFails = _ => away ? new StoreUnavailableException("away") : null;
        for (var i = 0; i < 100; i++)
            host.Deliveries.Add(Sample.Work(Sample.Endpoint(receiver.Url)));
        await host.StartAsync();

        await Eventually.HoldsAsync(() => host.Deliveries.LeasedCount == 40, "claiming stops at four times the slots");
        await Eventually.HoldsAsync(() => host.Deliveries.SettleCalls >= 3, "settling is tried again");
        host.Deliveries.LeasedCount.ShouldBe(40);
        receiver.Received.Count.ShouldBe(40);
        host.Log.Count(320).ShouldBe(1);

        away = false;
        var settled = await host.SettledAsync(100);
        settled.Length.ShouldBe(100);
        receiver.Received.Count.ShouldBe(100);
        host.Log.Count(321).ShouldBe(1);
    }

    [Fact]
    public async Task Outcome_that_cannot_be_recorded_fails_alone()
    {
        await using var receiver = await WebReceiver.StartAsync();
        await using var host = new WorkerHost();
        var poisonous = Sample.Work(Sample.Endpoint(receiver.Url));
        host.Deliveries.SettleFails = settlements =>
            settlements.Any(settlement => settlement.Lease == poisonous.Lease) ? new InvalidOperationException("no") : null;
        host.Deliveries.Add(poisonous);
        for (var i = 0; i < 50; i++)
            host.Deliveries.Add(Sample.Work(Sample.Endpoint(receiver.Url)));
        await host.StartAsync();
        await host.SettledAsync(50);
        await Eventually.HoldsAsync(() => host.Log.Count(323) == 1, "the poisonous one is given up");
        await Eventually.HoldsAsync(() => host.Meters.Sum("hookstream.deliveries") == 50, "the others are counted, and it is not");
    }

    [Fact]
    public async Task Outcome_that_the_store_leaves_out_is_not_counted()
    {
        await using var receiver = await WebReceiver.StartAsync();
        await using var host = new WorkerHost();
        var poisonous = Sample.Work(Sample.Endpoint(receiver.Url));
        host.Deliveries.Unrecordable = poisonous.Lease;
        host.Deliveries.Add(poisonous);
        for (var i = 0; i < 50; i++)
            host.Deliveries.Add(Sample.Work(Sample.Endpoint(receiver.Url)));
        await host.StartAsync();
        await host.SettledAsync(50);
        await Eventually.HoldsAsync(() => host.Meters.Sum("hookstream.deliveries") >= 50, "the others are counted");

        await host.StopAsync(TestContext.Current.CancellationToken);

        receiver.Received.Count.ShouldBe(51);
        host.Meters.Sum("hookstream.deliveries").ShouldBe(50);
    }
}
