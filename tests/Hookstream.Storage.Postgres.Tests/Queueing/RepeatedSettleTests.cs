using Hookstream.Storage.Postgres.Tests.Parts;

namespace Hookstream.Storage.Postgres.Tests.Queueing;

/// <summary>
/// Outcomes that are recorded once more, because it was not known that they were: the queue is told what is so, not what the
/// second call has changed, which is nothing.
/// </summary>
public sealed class RepeatedSettleTests : StoreSuite
{
    private readonly RecordedMirror _queue = new();

    protected override Task<StoreUnderTest> CreateAsync(TimeProvider time, VerificationMode verification) =>
        PostgresStoreUnderTest.CreateAsync(time, verification, mirror: _queue);

    [Fact]
    public async Task What_waits_again_is_not_taken_out_of_the_queue()
    {
        var settlement = RetryOf(await LeaseAsync(), TimeSpan.FromSeconds(30));
        await LoseAnswerAsync(settlement);

        await SettleAsync(settlement);

        _queue.Ended.ShouldBeEmpty();
        var waits = _queue.Enqueued.ShouldHaveSingleItem();
        waits.Id.ShouldBe(settlement.Lease.Delivery);
        waits.Due.ShouldBe(Now + TimeSpan.FromSeconds(30));
        waits.Version.ShouldBe(settlement.Lease.Version + 1);
    }

    [Fact]
    public async Task What_has_ended_is_taken_out_of_the_queue()
    {
        var settlement = DeliveredOf(await LeaseAsync());
        await LoseAnswerAsync(settlement);

        await SettleAsync(settlement);

        _queue.Ended.ShouldBe([settlement.Lease]);
        _queue.Enqueued.ShouldBeEmpty();
    }

    [Fact]
    public async Task Block_of_the_endpoint_is_told_again()
    {
        var settlement = RetryOf(await LeaseAsync(), TimeSpan.FromSeconds(30)) with { BlockEndpointFor = TimeSpan.FromMinutes(5) };
        await LoseAnswerAsync(settlement);

        await SettleAsync(settlement);

        _queue.Holds.ShouldHaveSingleItem().BlockedUntil.ShouldBe(Now + TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task Lease_that_somebody_else_has_taken_over_is_not_ended_by_a_late_outcome()
    {
        var lost = await LeaseAsync();
        _queue.Lost.Add(lost);

        await SettleAsync(DeliveredOf(lost));

        _queue.Ended.ShouldBeEmpty();
        _queue.Enqueued.ShouldAllBe(delivery => delivery.Version == lost.Version, "the same version changes nothing in the queue");
    }

    [Fact]
    public async Task Outcomes_of_a_batch_that_are_new_are_told_as_they_are()
    {
        var repeated = RetryOf(await LeaseAsync(), TimeSpan.FromSeconds(30));
        var delivered = DeliveredOf(await LeaseAsync());
        var failed = RetryOf(await LeaseAsync(), TimeSpan.FromSeconds(40));
        await LoseAnswerAsync(repeated);

        await SettleAsync(repeated, delivered, failed);

        _queue.Ended.ShouldBe([delivered.Lease, failed.Lease], ignoreOrder: true);
        _queue.Enqueued.Select(delivery => delivery.Id).ShouldBe([repeated.Lease.Delivery, failed.Lease.Delivery], ignoreOrder: true);
    }

    // As a queue apart from the store hands it out.
    private async Task<Lease> LeaseAsync()
    {
        var tenant = await NewTenantAsync();
        var (subscriber, delivery) = await DeliverableAsync(tenant);
        return new Lease(delivery.Id, tenant, subscriber.Id, Version: 0, Token: 1);
    }

    private async Task LoseAnswerAsync(Settlement settlement)
    {
        _queue.BeforeSettled = () => throw new StoreUnavailableException("the connection was lost after the commit");
        await Should.ThrowAsync<StoreUnavailableException>(() => SettleAsync(settlement));
        _queue.BeforeSettled = null;
        _queue.Enqueued.Clear();
        _queue.Ended.Clear();
        _queue.Holds.Clear();
    }
}
