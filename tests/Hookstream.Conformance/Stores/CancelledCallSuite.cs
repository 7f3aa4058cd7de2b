namespace Hookstream.Conformance.Stores;

/// <summary>A caller that gives up leaves nothing half done: its call has happened, or it has not.</summary>
public abstract class CancelledCallSuite : StoreSuite
{
    private const int Rounds = 40;

    private static readonly CancellationToken Cancelled = new(canceled: true);

    [Fact]
    public async Task Claims_and_replays_that_were_cancelled_before_they_began_change_nothing()
    {
        var tenant = await NewTenantAsync();
        var (_, delivery) = await DeliverableAsync(tenant);
        var lease = await ClaimOneAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => Store.Queue.ClaimAsync(
            new ClaimRequest(10, 10, new Dictionary<SubscriberId, int>(), LeaseDuration), Cancelled));
        await Should.ThrowAsync<OperationCanceledException>(() => Store.Deliveries.ReplayAsync(tenant, delivery.Id, Cancelled));

        var detail = await ReadAsync(tenant, delivery.Id);
        detail.Delivery.Status.ShouldBe(DeliveryStatus.Pending);
        detail.Attempts.ShouldBeEmpty();
        (await ClaimAsync()).ShouldBeEmpty("it is still leased");
        await SettleAsync(DeliveredOf(lease));
        (await ReadAsync(tenant, delivery.Id)).Delivery.Status.ShouldBe(DeliveryStatus.Delivered);
    }

    [Fact]
    public async Task Append_that_is_given_up_is_stored_whole_or_not_at_all()
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);
        for (var round = 0; round < Rounds; round++)
        {
            var key = $"k-{round}";
            await GiveUpAsync(round, stop => Store.Events.AppendAsync(NewEventOf(tenant, key: key), stop).AsTask());

            var again = await Store.Events.AppendAsync(NewEventOf(tenant, key: key), Cancellation);

            again.Outcome.ShouldBeOneOf(AppendOutcome.Accepted, AppendOutcome.Duplicate);
            (await Store.Deliveries.OfEventAsync(tenant, again.Id, Cancellation)).ShouldHaveSingleItem();
        }

        (await ClaimAsync(slots: 1000, perEndpoint: 1000)).Count.ShouldBe(Rounds);
    }

    [Fact]
    public async Task Claims_that_are_given_up_lose_no_delivery()
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);
        await AppendManyAsync(tenant, Rounds);
        var claimed = new HashSet<DeliveryId>();
        for (var round = 0; round < Rounds; round++)
        {
            var leases = await GiveUpAsync(round, stop => Store.Queue.ClaimAsync(
                new ClaimRequest(1, 1, new Dictionary<SubscriberId, int>(), LeaseDuration), stop));
            foreach (var lease in leases ?? [])
                claimed.Add(lease.Delivery).ShouldBeTrue("what is leased is not claimed again");
        }

        // What a claim took that nobody heard of comes back with the end of its lease.
        Time.Advance(LeaseDuration + TimeSpan.FromSeconds(1));
        (await ClaimAsync()).Count.ShouldBe(Rounds);
    }

    [Fact]
    public async Task Settle_that_is_given_up_can_be_repeated()
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);
        for (var round = 0; round < Rounds; round++)
        {
            await AppendAsync(tenant);
            var settlement = round % 2 == 0
                ? DeliveredOf(await ClaimOneAsync())
                : RetryOf(await ClaimOneAsync(), TimeSpan.FromDays(1));
            await GiveUpAsync(round, async stop =>
            {
                await Store.Deliveries.SettleAsync([settlement], stop);
                return true;
            });

            await SettleAsync(settlement);

            var detail = await ReadAsync(tenant, settlement.Lease.Delivery);
            detail.Delivery.Status.ShouldBe(round % 2 == 0 ? DeliveryStatus.Delivered : DeliveryStatus.Failed);
            var attempt = detail.Attempts.ShouldHaveSingleItem();
            attempt.Id.ShouldBe(settlement.Attempt!.Id);
            attempt.Late.ShouldBeFalse();
        }

        Time.Advance(TimeSpan.FromDays(1));
        (await ClaimAsync()).Count.ShouldBe(Rounds / 2, "those that wait are in the queue");
    }

    [Fact]
    public async Task Reads_that_are_given_up_spoil_no_later_one()
    {
        var tenant = await NewTenantAsync();
        var (_, delivery) = await DeliverableAsync(tenant);
        await SettleAsync(RetryOf(await ClaimOneAsync(), TimeSpan.FromDays(1)));
        for (var round = 0; round < 3 * Rounds; round++)
        {
            await GiveUpAsync(round, stop => Store.Deliveries.FindAsync(tenant, delivery.Id, stop));
            await GiveUpAsync(round + 1, stop => Store.Events.FindAsync(tenant, delivery.Event, stop));

            (await ReadAsync(tenant, delivery.Id)).Attempts.ShouldHaveSingleItem();
        }
    }

    // Cancels sooner or later after the call began; null when the call was cut off.
    private static async Task<T?> GiveUpAsync<T>(int round, Func<CancellationToken, Task<T>> call)
    {
        using var stop = new CancellationTokenSource();
        var running = call(stop.Token);
        if (round % 4 > 0)
            await Task.WhenAny(running, Task.Delay(TimeSpan.FromMicroseconds(150 * (round % 8)), Cancellation));
        await stop.CancelAsync();
        try
        {
            return await running;
        }
        catch (OperationCanceledException)
        {
            return default;
        }
    }
}
