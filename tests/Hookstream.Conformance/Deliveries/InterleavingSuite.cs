namespace Hookstream.Conformance.Deliveries;

/// <summary>
/// Workers, people and the clock interleave at random; whatever the order, a delivery has one lease at a time, an outcome
/// once recorded stays, and nothing accepted is lost. The seed is in the test's name, so that a failure can be run again.
/// </summary>
public abstract class InterleavingSuite : StoreSuite
{
    private const int Steps = 300;

    private readonly Dictionary<DeliveryId, (Lease Lease, DateTimeOffset Until)> _held = [];
    private readonly List<Lease> _lost = [];
    private readonly Dictionary<DeliveryId, DeliveryStatus> _finished = [];
    private readonly List<(TenantId Tenant, DeliveryId Id)> _deliveries = [];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Any_interleaving_loses_nothing_and_sends_nothing_twice_at_once(int seed)
    {
        var random = new Random(seed);
        var tenants = new List<(TenantId Tenant, List<SubscriberId> Subscribers)>();
        for (var i = 0; i < 3; i++)
        {
            var tenant = await NewTenantAsync($"tenant {i}");
            tenants.Add((tenant, [(await SubscribeAsync(tenant)).Id, (await SubscribeAsync(tenant, "order.*")).Id]));
        }

        for (var step = 0; step < Steps; step++)
        {
            var (tenant, subscribers) = tenants[random.Next(tenants.Count)];
            switch (random.Next(12))
            {
                case 0 or 1:
                    await AppendSomeAsync(tenant, random.Next(1, 4));
                    break;
                case 2 or 3 or 4:
                    await ClaimSomeAsync(random.Next(1, 8));
                    break;
                case 5 or 6:
                    await SettleSomeAsync(random);
                    break;
                case 7:
                    Time.Advance(TimeSpan.FromSeconds(random.Next(1, 40)));
                    Expire();
                    break;
                case 8:
                    await Store.Subscribers.SetPausedAsync(
                        tenant, subscribers[random.Next(2)], random.Next(2) == 0, Cancellation);
                    break;
                case 9 when _lost.Count > 0:
                    await SettleLostAsync(_lost[random.Next(_lost.Count)]);
                    break;
                case 10 when _deliveries.Count > 0:
                    await ReplayOrCancelAsync(random, _deliveries[random.Next(_deliveries.Count)]);
                    break;
                case 11 when _held.Count > 0:
                    var released = _held.Values.ElementAt(random.Next(_held.Count)).Lease;
                    await Store.Queue.ReleaseAsync([released], Cancellation);
                    _held.Remove(released.Delivery);
                    break;
            }

            if (step == Steps / 2)
            {
                await ReopenAfterLeasesAsync();
                _held.Clear();
                _lost.Clear();
            }
        }

        await EverythingEndsAsync(tenants);
    }

    private async Task AppendSomeAsync(TenantId tenant, int count)
    {
        Tick();
        for (var i = 0; i < count; i++)
        {
            var appended = await AppendAsync(tenant);
            foreach (var detail in await Store.Deliveries.OfEventAsync(tenant, appended.Id, Cancellation))
                _deliveries.Add((tenant, detail.Delivery.Id));
        }
    }

    private async Task ClaimSomeAsync(int slots)
    {
        Expire();
        foreach (var lease in await ClaimAsync(slots, lease: TimeSpan.FromSeconds(30)))
        {
            _held.ShouldNotContainKey(lease.Delivery);
            _finished.ShouldNotContainKey(lease.Delivery);
            _held[lease.Delivery] = (lease, Now + TimeSpan.FromSeconds(30));
        }
    }

    private async Task SettleSomeAsync(Random random)
    {
        foreach (var (lease, _) in _held.Values.Take(random.Next(1, 6)).ToList())
        {
            var before = (await ReadAsync(lease.Tenant, lease.Delivery)).Delivery.AttemptCount;
            var settlement = random.Next(4) switch
            {
                0 => DeadLetterOf(lease, before + 1),
                1 => RetryOf(lease, TimeSpan.FromSeconds(random.Next(0, 20)), before + 1),
                _ => DeliveredOf(lease, before + 1),
            };
            await SettleAsync(settlement);
            _held.Remove(lease.Delivery);
            var after = (await ReadAsync(lease.Tenant, lease.Delivery)).Delivery;
            after.AttemptCount.ShouldBe(before + 1);
            if (settlement.Disposition == Disposition.Retry)
            {
                after.Status.ShouldBeOneOf(DeliveryStatus.Failed, DeliveryStatus.Held);
                continue;
            }

            after.Status.ShouldBe(
                settlement.Disposition == Disposition.Delivered ? DeliveryStatus.Delivered : DeliveryStatus.DeadLetter);
            _finished[lease.Delivery] = after.Status;
        }
    }

    private async Task SettleLostAsync(Lease lost)
    {
        // An expired lease that nobody took over may still be settled; only one that was taken over, or whose delivery
        // moved on, is known to be late.
        var known = _held.ContainsKey(lost.Delivery) || _finished.ContainsKey(lost.Delivery);
        if (!known)
            return;
        var before = (await ReadAsync(lost.Tenant, lost.Delivery)).Delivery;

        await SettleAsync(RetryOf(lost, TimeSpan.FromSeconds(1), before.AttemptCount + 1));

        var after = await ReadAsync(lost.Tenant, lost.Delivery);
        after.Delivery.Status.ShouldBe(before.Status);
        after.Delivery.FinishedAt.ShouldBe(before.FinishedAt);
        after.Delivery.LastError.ShouldBe(before.LastError);
        after.Attempts.ShouldContain(attempt => attempt.Late);
        _lost.RemoveAll(lease => lease == lost);
    }

    private async Task ReplayOrCancelAsync(Random random, (TenantId Tenant, DeliveryId Id) target)
    {
        Expire();
        var held = _held.ContainsKey(target.Id);
        var outcome = random.Next(3) == 0
            ? await Store.Deliveries.CancelAsync(target.Tenant, target.Id, Cancellation)
            : await Store.Deliveries.ReplayAsync(target.Tenant, target.Id, Cancellation);
        if (held)
        {
            outcome.Outcome.ShouldBe(ReplayOutcome.InFlight);
            return;
        }

        outcome.Outcome.ShouldBeOneOf(ReplayOutcome.Accepted, ReplayOutcome.AlreadyDelivered);
        if (outcome.Outcome == ReplayOutcome.AlreadyDelivered)
            return;
        if (outcome.Delivery!.Status == DeliveryStatus.Cancelled)
            _finished[target.Id] = DeliveryStatus.Cancelled;
        else
            _finished.Remove(target.Id);
    }

    private void Expire()
    {
        foreach (var (delivery, (lease, until)) in _held.ToList())
        {
            if (until > Now)
                continue;
            _held.Remove(delivery);
            _lost.Add(lease);
        }
    }

    private async Task EverythingEndsAsync(List<(TenantId Tenant, List<SubscriberId> Subscribers)> tenants)
    {
        foreach (var (tenant, subscribers) in tenants)
        {
            foreach (var subscriber in subscribers)
                await Store.Subscribers.SetPausedAsync(tenant, subscriber, false, Cancellation);
        }

        Time.Advance(TimeSpan.FromMinutes(5));
        var last = await SettleAllDueAsync(lease => DeliveredOf(lease, 99));
        foreach (var lease in last)
        {
            _finished.ShouldNotContainKey(lease.Delivery);
            _finished[lease.Delivery] = DeliveryStatus.Delivered;
        }

        _finished.Count.ShouldBe(_deliveries.Count);
        foreach (var (tenant, id) in _deliveries)
            (await ReadAsync(tenant, id)).Delivery.Status.ShouldBe(_finished[id]);
    }
}
