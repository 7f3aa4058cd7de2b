namespace Hookstream.Storage.Postgres.Tests.Parts;

/// <summary>Tests of the store beside a queue that remembers what it was told.</summary>
public abstract class MirroredSuite : StoreSuite
{
    private protected RecordedMirror Queue { get; } = new();

    private protected PostgresStoreUnderTest Postgres => (PostgresStoreUnderTest)Store;

    protected override Task<StoreUnderTest> CreateAsync(TimeProvider time, VerificationMode verification) =>
        PostgresStoreUnderTest.CreateAsync(time, verification, mirror: Queue);

    /// <summary>A new delivery of a tenant of its own, as a queue apart from the store hands it out.</summary>
    protected async Task<Lease> LeaseAsync()
    {
        var tenant = await NewTenantAsync();
        var (subscriber, delivery) = await DeliverableAsync(tenant);
        return new Lease(delivery.Id, tenant, subscriber.Id, Version: 0, Token: 1);
    }
}
