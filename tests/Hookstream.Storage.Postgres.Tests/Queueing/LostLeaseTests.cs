namespace Hookstream.Storage.Postgres.Tests.Queueing;

/// <summary>How often the senders of a delivery have gone is counted, until one of them records an outcome.</summary>
public sealed class LostLeaseTests : StoreSuite
{
    protected override Task<StoreUnderTest> CreateAsync(TimeProvider time, VerificationMode verification) =>
        PostgresStoreUnderTest.CreateAsync(time, verification);

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
}
