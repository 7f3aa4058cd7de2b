using System.Globalization;
using Hookstream.Delivery.Dispatching;
using Hookstream.Delivery.Tests.Receivers;
using Hookstream.Delivery.Tests.Stores;
using Microsoft.Extensions.Time.Testing;

namespace Hookstream.Delivery.Tests.Dispatching;

public sealed class DeliveryWorkerTests
{
    [Fact]
    public async Task Backlog_is_delivered_once_each_and_logged_once_each()
    {
        await using var receiver = await WebReceiver.StartAsync();
        await using var host = new WorkerHost();
        var endpoints = Enumerable.Range(0, 5).Select(_ => Sample.Endpoint(receiver.Url)).ToArray();
        for (var i = 0; i < 2000; i++)
            host.Deliveries.Add(Sample.Work(endpoints[i % 5]));
        await host.StartAsync();
        var settled = await host.SettledAsync(2000);
        await host.StopAsync(TestContext.Current.CancellationToken);

        settled.Select(settlement => settlement.Lease.Delivery).Distinct().Count().ShouldBe(2000);
        settled.ShouldAllBe(settlement => settlement.Disposition == Disposition.Delivered);
        receiver.Received.Count.ShouldBe(2000);
        host.Log.Count(300).ShouldBe(2000);
        host.Deliveries.LeasedCount.ShouldBe(0);
    }

    [Fact]
    public async Task Process_whose_clock_is_off_stamps_by_the_stores_and_lets_nothing_expire()
    {
        await using var receiver = await WebReceiver.StartAsync();
        var ahead = new FakeTimeProvider(TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(1));
        await using var host = new WorkerHost(
            WorkerHost.Options with { MaxAge = TimeSpan.FromMinutes(10), StoreClock = TimeProvider.System }, ahead);
        host.Deliveries.Add(Sample.Work(Sample.Endpoint(receiver.Url)));
        await host.StartAsync();

        var settlement = (await host.SettledAsync(1)).Single();

        settlement.Disposition.ShouldBe(Disposition.Delivered);
        var now = TimeProvider.System.GetUtcNow();
        settlement.Attempt!.StartedAt.ShouldBeInRange(now - TimeSpan.FromMinutes(1), now);
        var stamp = long.Parse(receiver.Received.Single().Headers["webhook-timestamp"], CultureInfo.InvariantCulture);
        DateTimeOffset.FromUnixTimeSeconds(stamp).ShouldBeInRange(now - TimeSpan.FromMinutes(1), now);
    }

    [Fact]
    public async Task Send_that_ends_while_its_endpoint_is_kept_out_of_a_claim_is_not_waited_for()
    {
        await using var receiver = await WebReceiver.StartAsync();
        var deliveries = new FakeDeliveries { Polls = false };
        await using var host = new WorkerHost(WorkerHost.Options with { EndpointConcurrency = 1 }, deliveries: deliveries);
        var endpoint = Sample.Endpoint(receiver.Url);
        for (var i = 0; i < 20; i++)
            deliveries.Add(Sample.Work(endpoint));
        var ledger = host.Get<ClaimLedger>();
        deliveries.Claiming = async request =>
        {
            if (request.FreeSlots.GetValueOrDefault(endpoint.Subscriber.Id, 1) == 0)
                await Eventually.HoldsAsync(() => ledger.InFlight == 0, "the send to end");
        };

        await host.StartAsync();

        (await host.SettledAsync(20)).Length.ShouldBe(20);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_waited_for_its_slot_while_its_endpoint_was_paused_is_given_back_unsent_and_spends_nothing(bool storeAway)
    {
        await using var receiver = await WebReceiver.StartAsync();
        await using var host = new WorkerHost();
        await host.StartAsync();
        if (storeAway)
            host.Deliveries.ReleaseFails = () => new StoreUnavailableException("away");
        var ledger = host.Get<ClaimLedger>();
        var work = Sample.Work(Sample.Endpoint(receiver.Url));
        var claim = ledger.Add([work.Lease], TimeProvider.System.GetTimestamp()).Single();
        claim.Work = work;
        claim.Waited = true;
        host.Deliveries.FindsOpen = _ => null;

        host.Get<DeliverySend>().Start(claim);

        await Eventually.HoldsAsync(() => ledger.InFlight == 0, "the claim to be given up");
        await host.StopAsync(TestContext.Current.CancellationToken);
        host.Deliveries.SettledSoFar().ShouldBeEmpty();
        host.Deliveries.Released.Count.ShouldBe(storeAway ? 0 : 1);
        receiver.Received.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_waited_for_its_slot_is_sent_to_its_endpoint_as_that_is_now()
    {
        await using var before = await WebReceiver.StartAsync();
        await using var after = await WebReceiver.StartAsync();
        await using var host = new WorkerHost();
        await host.StartAsync();
        var work = Sample.Work(Sample.Endpoint(before.Url));
        var claim = host.Get<ClaimLedger>().Add([work.Lease], TimeProvider.System.GetTimestamp()).Single();
        claim.Work = work;
        claim.Waited = true;
        host.Deliveries.FindsOpen = _ => Sample.Endpoint(after.Url);

        host.Get<DeliverySend>().Start(claim);

        await host.SettledAsync(1);
        before.Received.ShouldBeEmpty();
        after.Received.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Endpoint_never_has_more_in_flight_than_its_cap()
    {
        await using var receiver = await WebReceiver.StartAsync((_, _) => Task.Delay(20));
        await using var host = new WorkerHost(WorkerHost.Options with { EndpointConcurrency = 5 });
        var endpoint = Sample.Endpoint(receiver.Url);
        for (var i = 0; i < 100; i++)
            host.Deliveries.Add(Sample.Work(endpoint));
        await host.StartAsync();
        await host.SettledAsync(100);
        receiver.MostInFlight.ShouldBe(5);
    }

    [Fact]
    public async Task Process_never_has_more_in_flight_than_its_cap()
    {
        await using var receiver = await WebReceiver.StartAsync((_, _) => Task.Delay(20));
        await using var host = new WorkerHost(WorkerHost.Options with { Concurrency = 6 });
        for (var i = 0; i < 100; i++)
            host.Deliveries.Add(Sample.Work(Sample.Endpoint(receiver.Url)));
        await host.StartAsync();
        await host.SettledAsync(100);
        receiver.MostInFlight.ShouldBe(6);
    }

    [Fact]
    public async Task Delivery_past_its_maximum_age_is_dead_lettered_unsent()
    {
        await using var receiver = await WebReceiver.StartAsync();
        await using var host = new WorkerHost();
        host.Deliveries.Add(Sample.Work(
            Sample.Endpoint(receiver.Url), waitingSince: TimeProvider.System.GetUtcNow().AddDays(-4)));
        await host.StartAsync();
        var settlement = (await host.SettledAsync(1)).Single();
        settlement.Attempt.ShouldBeNull();
        settlement.Error!.Code.ShouldBe("expired");
        receiver.Received.ShouldBeEmpty();
    }

    [Fact]
    public async Task Lease_that_load_leaves_out_is_released()
    {
        await using var receiver = await WebReceiver.StartAsync();
        await using var host = new WorkerHost();
        var gone = Sample.Work(Sample.Endpoint(receiver.Url));
        host.Deliveries.IsGone = lease => lease == gone.Lease;
        host.Deliveries.Add(gone);
        host.Deliveries.Add(Sample.Work(Sample.Endpoint(receiver.Url)));
        await host.StartAsync();
        await host.SettledAsync(1);
        await Eventually.HoldsAsync(() => host.Deliveries.Released.Count == 1, "the lease is released");
        host.Deliveries.Released.ShouldBe([gone.Lease]);
    }

    [Fact]
    public async Task Failing_claims_and_loads_are_tried_again_and_an_outage_is_said_once()
    {
        await using var receiver = await WebReceiver.StartAsync();
        await using var host = new WorkerHost();
        var (claims, loads) = (2, 2);
        host.Deliveries.ClaimFails = () => claims-- > 0 ? new StoreUnavailableException("away") : null;
        host.Deliveries.LoadFails = () => loads-- > 0 ? new InvalidOperationException("broken") : null;
        host.Deliveries.Add(Sample.Work(Sample.Endpoint(receiver.Url)));
        await host.StartAsync();
        await host.SettledAsync(1);
        receiver.Received.Count.ShouldBe(1);
        host.Log.Count(302).ShouldBe(3, "the outage, and each of the two that no outage explains");
    }

    [Fact]
    public async Task Worker_that_stood_still_asks_for_its_lease_before_it_sends()
    {
        await using var receiver = await WebReceiver.StartAsync();
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var host = new WorkerHost(time: time);
        var (lost, kept) = (Sample.Work(Sample.Endpoint(receiver.Url)), Sample.Work(Sample.Endpoint(receiver.Url)));
        host.Deliveries.IsLost = lease => lease == lost.Lease;
        host.Deliveries.LoadFails = () =>
        {
            time.Advance(TimeSpan.FromSeconds(55));
            return null;
        };
        host.Deliveries.Add(lost);
        host.Deliveries.Add(kept);
        await host.StartAsync();
        (await host.SettledAsync(1)).Single().Lease.ShouldBe(kept.Lease);
        await Eventually.HoldsAsync(() => host.Log.Count(308) == 1, "the lost one is given up");
        receiver.Received.Single().Headers["X-Hookstream-Delivery"].ShouldBe(kept.Lease.Delivery.ToString());
    }

    [Fact]
    public async Task Long_send_keeps_its_lease()
    {
        var answer = new TaskCompletionSource();
        await using var receiver = await WebReceiver.StartAsync((_, _) => answer.Task);
        await using var host = new WorkerHost(WorkerHost.Options with { LeaseDuration = TimeSpan.FromMilliseconds(600) });
        var work = Sample.Work(Sample.Endpoint(receiver.Url));
        host.Deliveries.Add(work);
        await host.StartAsync();
        await Eventually.HoldsAsync(() => host.Deliveries.Renewed.Count >= 3, "the lease is renewed repeatedly");
        host.Deliveries.Renewed.ShouldAllBe(lease => lease == work.Lease);
        answer.SetResult();
        await host.SettledAsync(1);
    }
}
