using System.Collections;

namespace Hookstream.Storage.Sqlite.Tests.Queueing;

/// <summary>
/// What is due is claimed, whatever went wrong around it: the queue must not need the refresh from the store, which comes
/// half a minute later.
/// </summary>
public sealed class WakeUpTests : SqliteSuite
{
    [Fact]
    public async Task Claim_that_cannot_read_loses_nothing()
    {
        var tenant = await NewTenantAsync();
        for (var i = 0; i < 3; i++)
            await SubscribeAsync(tenant);
        await AppendManyAsync(tenant, 5);
        Data.Execute("alter table deliveries rename to deliveries_away");
        for (var i = 0; i < 3; i++)
            await Should.ThrowAsync<Exception>(() => ClaimAsync());
        Data.Execute("alter table deliveries_away rename to deliveries");

        Time.Advance(TimeSpan.FromSeconds(1));

        (await ClaimAsync()).Count.ShouldBe(15);
    }

    [Fact]
    public async Task Lane_that_cannot_be_read_does_not_keep_the_others()
    {
        var tenant = await NewTenantAsync();
        var broken = await SubscribeAsync(tenant);
        await SubscribeAsync(tenant);
        await AppendManyAsync(tenant, 5);
        var where = $"where subscriber = (select no from subscribers where id = x'{Hex(broken.Id.Value)}')";
        Data.Execute($"update deliveries set event = cast(x'00' || event as blob) {where}");

        var claimed = await ClaimDespiteFailuresAsync();

        claimed.Count.ShouldBe(5);
        claimed.ShouldAllBe(lease => lease.Subscriber != broken.Id);
        Data.Execute($"update deliveries set event = substr(cast(event as blob), 2) {where}");
        Time.Advance(TimeSpan.FromSeconds(1));
        (await ClaimAsync()).Count.ShouldBe(5, "the lane is read again once it can be");
    }

    [Fact]
    public async Task Lease_taken_over_while_its_outcome_was_committed_leaves_nothing_behind()
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);
        await AppendManyAsync(tenant, 2);
        var leases = await ClaimAsync();
        using var recording = new HeldSettlements(leases.Select(lease => RetryOf(lease, TimeSpan.FromSeconds(1))).ToArray());

        var settling = Store.Deliveries.SettleAsync(recording, Cancellation);
        recording.Reached.Wait(Patience, Cancellation).ShouldBeTrue();
        Time.Advance(LeaseDuration);
        var takenOver = await ClaimAsync();
        takenOver.Count.ShouldBe(2);
        recording.GoOn.Set();
        await settling;
        await Store.Deliveries.SettleAsync([.. takenOver.Select(lease => DeliveredOf(lease))], Cancellation);

        Time.Advance(TimeSpan.FromSeconds(1));

        (await ClaimAsync()).Count.ShouldBe(2, "the outcomes that came first count, and said: again in a second");
    }

    [Fact]
    public async Task Replay_that_fails_leaves_a_delivery_whose_lease_ran_out_to_the_next_claim()
    {
        var tenant = await NewTenantAsync();
        var (_, delivery) = await DeliverableAsync(tenant);
        await ClaimOneAsync();
        Time.Advance(LeaseDuration);
        Data.Execute(
            """
            create trigger refuse_replay before update on deliveries
            begin
                select raise(abort, 'refused');
            end
            """);
        await Should.ThrowAsync<Exception>(() => Store.Deliveries.ReplayAsync(tenant, delivery.Id, Cancellation));
        Data.Execute("drop trigger refuse_replay");

        (await ClaimOneAsync()).Delivery.ShouldBe(delivery.Id);
    }

    [Fact]
    public async Task Resume_that_meets_a_410_keeps_what_comes_after_it()
    {
        var tenant = await NewTenantAsync();
        var (subscriber, _) = await DeliverableAsync(tenant);
        using var recording = new HeldSettlements([GoneOf(await ClaimOneAsync())]);

        var settling = Store.Deliveries.SettleAsync(recording, Cancellation);
        recording.Reached.Wait(Patience, Cancellation).ShouldBeTrue();
        var resuming = Store.Subscribers.SetPausedAsync(tenant, subscriber.Id, false, Cancellation);
        recording.GoOn.Set();
        await settling;
        (await resuming).ShouldNotBeNull().Gate.Status.ShouldBe(SubscriberStatus.Active);
        await AppendAsync(tenant);
        await RunBacklogToTheEndAsync();

        (await ClaimAsync()).ShouldHaveSingleItem();
    }

    private static string Hex(Guid id) => Convert.ToHexString(id.ToByteArray(bigEndian: true));

    private async Task<List<Lease>> ClaimDespiteFailuresAsync()
    {
        var claimed = new List<Lease>();
        for (var i = 0; i < 3; i++)
        {
            try
            {
                claimed.AddRange(await ClaimAsync());
            }
            catch (ArgumentException)
            {
                // The broken lane; claims that follow go to the others.
            }
        }

        return claimed;
    }

    /// <summary>Settlements that keep the writer waiting between the first and the last of them.</summary>
    private sealed class HeldSettlements(Settlement[] settlements) : IReadOnlyList<Settlement>, IDisposable
    {
        public ManualResetEventSlim Reached { get; } = new();

        public ManualResetEventSlim GoOn { get; } = new();

        public int Count => settlements.Length + 1;

        // The last one, under a lease that never was, comes when the others are written.
        public Settlement this[int index]
        {
            get
            {
                if (index < settlements.Length)
                    return settlements[index];
                Reached.Set();
                GoOn.Wait(Patience);
                return settlements[0] with
                {
                    Lease = settlements[0].Lease with { Token = -1 },
                    Attempt = null,
                };
            }
        }

        public IEnumerator<Settlement> GetEnumerator() => settlements.AsEnumerable().GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public void Dispose()
        {
            Reached.Dispose();
            GoOn.Dispose();
        }
    }
}
