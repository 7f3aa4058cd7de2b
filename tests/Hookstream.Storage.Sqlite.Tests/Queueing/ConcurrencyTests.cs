using System.Collections.Concurrent;
using Hookstream.Core.Retries;

namespace Hookstream.Storage.Sqlite.Tests.Queueing;

/// <summary>
/// Everything at once, on real threads: appends with due times out of order, claims, outcomes, releases, leases that run
/// out, replays, cancels, pauses. Time goes on for less than the interval of the refresh, so that nothing but the signals
/// can lead to a delivery.
/// </summary>
public sealed class ConcurrencyTests : SqliteSuite
{
    private const int Appends = 150;

    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _claiming = new(1);
    private readonly ConcurrentDictionary<DeliveryId, DateTimeOffset> _heldUntil = new();
    private readonly ConcurrentQueue<(TenantId Tenant, DeliveryId Id)> _known = new();
    private volatile bool _appended;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Whatever_happens_at_once_every_delivery_is_claimed_and_none_twice(int seed)
    {
        var tenants = new List<(TenantId Id, List<Subscriber> Subscribers)>();
        for (var i = 0; i < 3; i++)
        {
            var tenant = await NewTenantAsync($"tenant {i}");
            tenants.Add((tenant, [await SubscribeAsync(tenant, First("0s")), await SubscribeAsync(tenant, First("3s"))]));
        }

        List<Task> posting = [Go(seed, 1, AppendAsync), Go(seed, 2, AppendAsync)];
        List<Task> rest =
        [
            Go(seed, 3, ClaimAndSettleAsync), Go(seed, 4, ClaimAndSettleAsync), Go(seed, 5, ChangeAsync),
            Go(seed, 6, PauseAsync), Go(seed, 7, ReplayAllAsync), Go(seed, 8, PassTimeAsync),
        ];
        await Task.WhenAll(posting);
        _appended = true;
        await Task.WhenAll(rest);

        foreach (var (tenant, subscribers) in tenants)
        {
            foreach (var subscriber in subscribers)
                await Store.Subscribers.SetPausedAsync(tenant, subscriber.Id, false, Cancellation);
        }

        Time.Advance(TimeSpan.FromSeconds(6));
        await SettleAllDueAsync(lease => DeliveredOf(lease, 99));
        Data.Count("select count(*) from deliveries where status < 2").ShouldBe(0);

        Task Go(int run, int worker, Func<Random, List<(TenantId Id, List<Subscriber> Subscribers)>, Task> work) =>
            Task.Run(() => work(new Random((run * 100) + worker), tenants), Cancellation);
    }

    private async Task AppendAsync(Random random, List<(TenantId Id, List<Subscriber> Subscribers)> tenants)
    {
        for (var i = 0; i < Appends; i++)
        {
            var tenant = tenants[random.Next(tenants.Count)].Id;
            var results = await Store.Events.AppendAsync(
                [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ =>
                    NewEventOf(tenant, priority: (EventPriority)random.Next(3)))],
                Cancellation);
            foreach (var detail in await Store.Deliveries.OfEventAsync(tenant, results[0].Id, Cancellation))
                _known.Enqueue((tenant, detail.Delivery.Id));
        }
    }

    private async Task ClaimAndSettleAsync(Random random, List<(TenantId Id, List<Subscriber> Subscribers)> tenants)
    {
        while (!_appended)
        {
            var leases = await ClaimSomeAsync(random);
            var work = await Store.Deliveries.LoadAsync(leases, Cancellation);
            var settlements = new List<Settlement>();
            var released = new List<Lease>();
            foreach (var item in work)
            {
                var number = item.AttemptCount + 1;
                switch (random.Next(8))
                {
                    case 0:
                        released.Add(item.Lease);
                        break;
                    case 1:
                        // Its worker stands still, and the lease runs out.
                        break;
                    case 2 or 3:
                        settlements.Add(RetryOf(item.Lease, TimeSpan.FromMilliseconds(random.Next(0, 3_000)), number));
                        break;
                    case 4:
                        settlements.Add(DeadLetterOf(item.Lease, number));
                        break;
                    default:
                        settlements.Add(DeliveredOf(item.Lease, number));
                        break;
                }
            }

            Forget(released);
            await Store.Queue.ReleaseAsync(released, Cancellation);
            Forget(settlements.Select(settlement => settlement.Lease));
            await Store.Deliveries.SettleAsync(settlements, Cancellation);
        }
    }

    // One at a time, so that who claimed first is known.
    private async Task<IReadOnlyList<Lease>> ClaimSomeAsync(Random random)
    {
        await _claiming.WaitAsync(Cancellation);
        try
        {
            var before = Now;
            var leases = await ClaimAsync(slots: random.Next(1, 40), perEndpoint: random.Next(1, 12), lease: LeaseTime);
            foreach (var lease in leases)
            {
                _heldUntil.GetValueOrDefault(lease.Delivery).ShouldBeLessThanOrEqualTo(Now, "it was leased to another");
                _heldUntil[lease.Delivery] = before + LeaseTime;
            }

            return leases;
        }
        finally
        {
            _claiming.Release();
        }
    }

    private async Task ChangeAsync(Random random, List<(TenantId Id, List<Subscriber> Subscribers)> tenants)
    {
        while (!_appended)
        {
            if (!_known.TryDequeue(out var one))
            {
                await Task.Yield();
                continue;
            }

            if (random.Next(4) == 0)
                await Store.Deliveries.CancelAsync(one.Tenant, one.Id, Cancellation);
            else
                await Store.Deliveries.ReplayAsync(one.Tenant, one.Id, Cancellation);
        }
    }

    private async Task PauseAsync(Random random, List<(TenantId Id, List<Subscriber> Subscribers)> tenants)
    {
        while (!_appended)
        {
            var (tenant, subscribers) = tenants[random.Next(tenants.Count)];
            await Store.Subscribers.SetPausedAsync(
                tenant, subscribers[random.Next(2)].Id, random.Next(2) == 0, Cancellation);
        }
    }

    private async Task ReplayAllAsync(Random random, List<(TenantId Id, List<Subscriber> Subscribers)> tenants)
    {
        while (!_appended)
        {
            var query = new DeliveryQuery(
                random.Next(2) == 0 ? DeliveryStatus.DeadLetter : DeliveryStatus.Cancelled,
                Since: Now - TimeSpan.FromHours(1));
            await Store.Deliveries.ReplayAllAsync(tenants[random.Next(tenants.Count)].Id, query, false, Cancellation);
            await RunBacklogToTheEndAsync();
        }
    }

    // Altogether less than the 30 s after which the lanes are refreshed.
    private async Task PassTimeAsync(Random random, List<(TenantId Id, List<Subscriber> Subscribers)> tenants)
    {
        var passed = TimeSpan.Zero;
        while (!_appended)
        {
            var step = TimeSpan.FromMilliseconds(random.Next(1, 40));
            if (passed + step < TimeSpan.FromSeconds(20))
            {
                passed += step;
                Time.Advance(step);
            }

            await Task.Yield();
        }
    }

    private void Forget(IEnumerable<Lease> leases)
    {
        foreach (var lease in leases)
            _heldUntil[lease.Delivery] = default;
    }

    private static SubscriberSettings First(string delay)
    {
        DurationText.TryParse(delay, out var first).ShouldBeTrue();
        RetrySchedule.TryCreate([first, TimeSpan.FromSeconds(1)], out var schedule).ShouldBeTrue();
        return SettingsOf("*") with { RetrySchedule = schedule };
    }
}
