namespace Hookstream.Conformance.Deliveries;

/// <summary>How often the senders of a delivery have gone is counted, until one of them records an outcome.</summary>
public abstract class LostLeaseSuite : StoreSuite
{
    [Fact]
    public async Task Lost_leases_are_counted_until_an_outcome_is_recorded()
    {
        var tenant = await NewTenantAsync();
        await DeliverableAsync(tenant);
        for (var lost = 0; lost < 3; lost++)
        {
            (await LoadOneAsync(await ClaimOneAsync())).LostLeases.ShouldBe(lost);
            Time.Advance(LeaseDuration + TimeSpan.FromSeconds(1));
        }

        var lease = await ClaimOneAsync();
        (await LoadOneAsync(lease)).LostLeases.ShouldBe(3);
        await SettleAsync(RetryOf(lease, TimeSpan.FromSeconds(30)));
        Time.Advance(TimeSpan.FromSeconds(31));

        (await LoadOneAsync(await ClaimOneAsync())).LostLeases.ShouldBe(0);
    }

    [Fact]
    public async Task Released_lease_is_not_a_lost_one()
    {
        var tenant = await NewTenantAsync();
        await DeliverableAsync(tenant);
        await Store.Queue.ReleaseAsync([await ClaimOneAsync()], Cancellation);

        (await LoadOneAsync(await ClaimOneAsync())).LostLeases.ShouldBe(0);
    }

    [Fact]
    public async Task Lease_that_was_renewed_and_then_lost_counts_once()
    {
        var tenant = await NewTenantAsync();
        await DeliverableAsync(tenant);
        var lease = await ClaimOneAsync();
        Time.Advance(LeaseDuration / 2);
        await Store.Queue.RenewAsync([lease], LeaseDuration, Cancellation);
        Time.Advance(LeaseDuration + TimeSpan.FromSeconds(1));

        (await LoadOneAsync(await ClaimOneAsync())).LostLeases.ShouldBe(1);
    }

    [Fact]
    public async Task Replay_forgets_the_leases_that_were_lost()
    {
        var tenant = await NewTenantAsync();
        await DeliverableAsync(tenant);
        var lost = await ClaimOneAsync();
        Time.Advance(LeaseDuration + TimeSpan.FromSeconds(1));

        await Store.Deliveries.ReplayAsync(tenant, lost.Delivery, Cancellation);

        (await LoadOneAsync(await ClaimOneAsync())).LostLeases.ShouldBe(0);
    }

    [Fact]
    public async Task As_many_as_count_as_a_failed_attempt_are_counted()
    {
        var tenant = await NewTenantAsync();
        await DeliverableAsync(tenant);
        for (var lost = 0; lost < RetryPolicy.MaxLostLeases; lost++)
        {
            await ClaimOneAsync();
            Time.Advance(LeaseDuration + TimeSpan.FromSeconds(1));
        }

        var work = await LoadOneAsync(await ClaimOneAsync());

        var failed = RetryPolicy.AfterLostLeases(work, RetrySchedule.Default, Now, 0).ShouldNotBeNull();
        await SettleAsync(failed);
        var detail = await ReadAsync(tenant, work.Lease.Delivery);
        detail.Delivery.Status.ShouldBe(DeliveryStatus.Failed);
        detail.Attempts.ShouldHaveSingleItem().Outcome.ShouldBe(AttemptOutcome.Interrupted);
    }
}
