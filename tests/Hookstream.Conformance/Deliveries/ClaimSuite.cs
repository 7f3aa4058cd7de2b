using System.Collections.Concurrent;
using System.Diagnostics;

namespace Hookstream.Conformance.Deliveries;

/// <summary>What is due is claimed once, for the slots that are free, when it is due and not before.</summary>
public abstract class ClaimSuite : StoreSuite
{
    [Fact]
    public async Task Claim_without_anything_due_is_empty()
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);

        (await ClaimAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Claim_names_the_delivery_its_tenant_and_its_subscriber()
    {
        var tenant = await NewTenantAsync();
        var (subscriber, delivery) = await DeliverableAsync(tenant);

        var lease = await ClaimOneAsync();

        lease.Delivery.ShouldBe(delivery.Id);
        lease.Tenant.ShouldBe(tenant);
        lease.Subscriber.ShouldBe(subscriber.Id);
    }

    [Fact]
    public async Task Claim_takes_each_delivery_once()
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);
        await AppendManyAsync(tenant, 10);

        (await ClaimAsync(slots: 4)).Count.ShouldBe(4);
        (await ClaimAsync(slots: 4)).Count.ShouldBe(4);
        (await ClaimAsync(slots: 4)).Count.ShouldBe(2);
        (await ClaimAsync(slots: 4)).ShouldBeEmpty();
    }

    [Fact]
    public Task Claim_by_16_at_once_takes_each_delivery_exactly_once() => ClaimConcurrentlyAsync(5_000, settle: false);

    [Fact]
    [Trait("Category", "Scale")]
    public Task Claim_by_16_at_once_takes_each_of_100_000_deliveries_exactly_once() => ClaimConcurrentlyAsync(100_000, settle: true);

    [Fact]
    public async Task Claim_while_events_arrive_loses_and_repeats_none()
    {
        const int Total = 2_000;
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);
        var claimed = new ConcurrentBag<DeliveryId>();
        var appending = Task.Run(async () =>
        {
            for (var i = 0; i < Total / 20; i++)
                await AppendManyAsync(tenant, 20);
        });

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (true)
            {
                var done = appending.IsCompleted;
                var leases = await ClaimAsync(slots: 16);
                foreach (var lease in leases)
                    claimed.Add(lease.Delivery);
                await Store.Deliveries.SettleAsync([.. leases.Select(lease => DeliveredOf(lease))], Cancellation);
                if (done && leases.Count == 0)
                    break;
            }
        })));
        await appending;

        claimed.Count.ShouldBe(Total);
        claimed.Distinct().Count().ShouldBe(Total);
    }

    [Fact]
    public async Task Claim_gives_an_endpoint_no_more_than_the_slots_per_endpoint()
    {
        var tenant = await NewTenantAsync();
        var one = await SubscribeAsync(tenant);
        var two = await SubscribeAsync(tenant);
        await AppendManyAsync(tenant, 20);

        var leases = await ClaimAsync(slots: 100, perEndpoint: 3);

        leases.Count(lease => lease.Subscriber == one.Id).ShouldBe(3);
        leases.Count(lease => lease.Subscriber == two.Id).ShouldBe(3);
    }

    [Fact]
    public async Task Claim_gives_an_endpoint_no_more_than_its_own_cap()
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant, SettingsOf("*") with { MaxInFlight = 2 });
        await AppendManyAsync(tenant, 10);

        (await ClaimAsync(slots: 100, perEndpoint: 32)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Claim_is_not_widened_by_a_cap_of_the_endpoint_above_the_slots()
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant, SettingsOf("*") with { MaxInFlight = 50 });
        await AppendManyAsync(tenant, 10);

        (await ClaimAsync(slots: 100, perEndpoint: 4)).Count.ShouldBe(4);
    }

    [Fact]
    public async Task Claim_gives_named_endpoints_what_is_free_there()
    {
        var tenant = await NewTenantAsync();
        var full = await SubscribeAsync(tenant);
        var busy = await SubscribeAsync(tenant);
        var idle = await SubscribeAsync(tenant);
        await AppendManyAsync(tenant, 10);

        var leases = await ClaimAsync(
            slots: 100, perEndpoint: 5, free: new Dictionary<SubscriberId, int> { [full.Id] = 0, [busy.Id] = 2 });

        leases.Count(lease => lease.Subscriber == full.Id).ShouldBe(0);
        leases.Count(lease => lease.Subscriber == busy.Id).ShouldBe(2);
        leases.Count(lease => lease.Subscriber == idle.Id).ShouldBe(5);
    }

    [Fact]
    public async Task Claim_passes_by_full_endpoints_however_much_waits_there()
    {
        var tenant = await NewTenantAsync();
        var full = await SubscribeAsync(tenant, "full.*");
        for (var i = 0; i < 4; i++)
            await Store.Events.AppendAsync([.. Enumerable.Range(0, 500).Select(_ => NewEventOf(tenant, "full.x"))], Cancellation);
        Tick();
        var free = await SubscribeAsync(tenant, "free.*");
        await AppendAsync(tenant, "free.x");

        var leases = await ClaimAsync(slots: 10, free: new Dictionary<SubscriberId, int> { [full.Id] = 0 });

        leases.ShouldHaveSingleItem().Subscriber.ShouldBe(free.Id);
    }

    [Fact]
    public async Task Claim_goes_by_priority_then_oldest_first()
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);
        var expected = new Dictionary<EventPriority, List<EventId>>();
        EventPriority[] priorities = [EventPriority.Low, EventPriority.Normal, EventPriority.High];
        for (var i = 0; i < 5; i++)
        {
            foreach (var priority in priorities)
            {
                Tick();
                var appended = await AppendAsync(tenant, priority: priority);
                if (!expected.TryGetValue(priority, out var list))
                    expected[priority] = list = [];
                list.Add(appended.Id);
            }
        }

        var order = new List<EventId>();
        for (var i = 0; i < 15; i++)
            order.Add((await LoadOneAsync(await ClaimOneAsync())).Event);

        order.ShouldBe([.. expected[EventPriority.High], .. expected[EventPriority.Normal], .. expected[EventPriority.Low]]);
    }

    [Fact]
    public async Task Claim_takes_a_retry_when_it_is_due_and_not_before()
    {
        var tenant = await NewTenantAsync();
        await DeliverableAsync(tenant);
        await SettleAsync(RetryOf(await ClaimOneAsync(), TimeSpan.FromSeconds(30)));

        (await ClaimAsync()).ShouldBeEmpty();
        Time.Advance(TimeSpan.FromSeconds(30) - TimeSpan.FromMilliseconds(1));
        (await ClaimAsync()).ShouldBeEmpty();
        Time.Advance(TimeSpan.FromMilliseconds(1));
        (await ClaimAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Claim_takes_each_of_many_retries_at_its_own_millisecond()
    {
        int[] waits = [1, 2, 3, 7, 250, 999, 1_000, 1_001, 59_999, 60_000, 60_001, 3_599_999, 3_600_000, 86_400_000, 259_199_999];
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);
        await SubscribeAsync(tenant);
        await AppendManyAsync(tenant, waits.Length);
        var leases = await ClaimAsync();
        var begun = Now;
        await Store.Deliveries.SettleAsync(
            [.. leases.Select((lease, i) => RetryOf(lease, TimeSpan.FromMilliseconds(waits[i % waits.Length])))], Cancellation);

        foreach (var wait in waits)
        {
            var due = begun + TimeSpan.FromMilliseconds(wait);
            Time.Advance(due - Now - TimeSpan.FromMilliseconds(1));
            (await ClaimAsync(lease: TimeSpan.FromDays(10))).ShouldBeEmpty($"what waits {wait} ms is not due a millisecond earlier");
            Time.Advance(TimeSpan.FromMilliseconds(1));

            (await ClaimAsync(lease: TimeSpan.FromDays(10))).Select(lease => lease.Delivery).ShouldBe(
                leases.Where((_, i) => waits[i % waits.Length] == wait).Select(lease => lease.Delivery), ignoreOrder: true);
        }
    }

    [Fact]
    public async Task Claim_passes_by_retries_that_are_not_due_to_what_is()
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);
        await AppendManyAsync(tenant, 50);
        await Store.Deliveries.SettleAsync(
            [.. (await ClaimAsync()).Select(lease => RetryOf(lease, TimeSpan.FromHours(1)))], Cancellation);
        Tick();
        var fresh = await AppendAsync(tenant);

        var lease = (await ClaimAsync()).ShouldHaveSingleItem();

        (await LoadOneAsync(lease)).Event.ShouldBe(fresh.Id);
    }

    [Fact]
    public async Task Claim_keeps_due_times_over_a_restart()
    {
        var tenant = await NewTenantAsync();
        await DeliverableAsync(tenant);
        await SettleAsync(RetryOf(await ClaimOneAsync(), TimeSpan.FromSeconds(30)));

        await Store.ReopenAsync();

        (await ClaimAsync()).ShouldBeEmpty();
        Time.Advance(TimeSpan.FromSeconds(30));
        (await ClaimAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Claim_after_a_restart_finds_everything_pending()
    {
        var tenants = new List<TenantId>();
        for (var i = 0; i < 5; i++)
        {
            var tenant = await NewTenantAsync($"tenant {i}");
            tenants.Add(tenant);
            await SubscribeAsync(tenant);
            await SubscribeAsync(tenant);
            await AppendManyAsync(tenant, 30);
        }

        (await ClaimAsync(slots: 40)).Count.ShouldBe(40);
        await ReopenAfterLeasesAsync();

        var leases = await ClaimAsync(slots: 1_000);
        leases.Count.ShouldBe(300, "the leases of the process before have ended");
        leases.Select(lease => lease.Delivery).Distinct().Count().ShouldBe(300);
        leases.Select(lease => lease.Tenant).Distinct().ShouldBe(tenants, ignoreOrder: true);
    }

    private async Task ClaimConcurrentlyAsync(int count, bool settle)
    {
        const int Claimers = 16;
        const int Endpoints = 4;
        var tenant = await NewTenantAsync();
        for (var i = 0; i < Endpoints; i++)
            await SubscribeAsync(tenant);
        await AppendManyAsync(tenant, count / Endpoints);
        var total = 0;

        // A queue that holds only the first part of what waits may have nothing for a moment: it is asked again, as workers do.
        var claimed = await Task.WhenAll(Enumerable.Range(0, Claimers).Select(_ => Task.Run(async () =>
        {
            var mine = new List<Lease>();
            var idle = Stopwatch.StartNew();
            while (Volatile.Read(ref total) < count && idle.Elapsed < Patience)
            {
                var leases = await ClaimAsync(slots: 64, perEndpoint: 64, lease: TimeSpan.FromHours(1));
                if (settle)
                {
                    // A queue apart from the store may hand out what has ended; what is loaded is what would be sent.
                    leases = [.. (await Store.Deliveries.LoadAsync(leases, Cancellation)).Select(work => work.Lease)];
                    await Store.Deliveries.SettleAsync([.. leases.Select(lease => DeliveredOf(lease))], Cancellation);
                }

                mine.AddRange(leases);
                Interlocked.Add(ref total, leases.Count);
                if (leases.Count > 0)
                    idle.Restart();
                else
                    await Task.Delay(TimeSpan.FromMilliseconds(5), Cancellation);
            }

            return mine;
        })));

        (await Store.Deliveries.LoadAsync(await ClaimAsync(slots: 64, perEndpoint: 64), Cancellation)).ShouldBeEmpty();
        claimed.Sum(leases => leases.Count).ShouldBe(count);
        claimed.SelectMany(leases => leases).Select(lease => lease.Delivery).Distinct().Count().ShouldBe(count);
    }
}
