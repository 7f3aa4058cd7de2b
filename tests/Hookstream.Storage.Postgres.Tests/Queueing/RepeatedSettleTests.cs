using Hookstream.Storage.Postgres.Tests.Parts;

namespace Hookstream.Storage.Postgres.Tests.Queueing;

/// <summary>
/// Outcomes that are recorded once more, because it was not known that they were: the queue is told what is so, not what the
/// second call has changed, which is nothing.
/// </summary>
public sealed class RepeatedSettleTests : MirroredSuite
{
    [Fact]
    public async Task What_waits_again_is_not_taken_out_of_the_queue()
    {
        var settlement = RetryOf(await LeaseAsync(), TimeSpan.FromSeconds(30));
        await LoseAnswerAsync(settlement);

        await SettleAsync(settlement);

        Queue.Ended.ShouldBeEmpty();
        var waits = Queue.Enqueued.ShouldHaveSingleItem();
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

        Queue.Ended.ShouldBe([settlement.Lease]);
        Queue.Enqueued.ShouldBeEmpty();
    }

    [Fact]
    public async Task Block_of_the_endpoint_is_told_again()
    {
        var settlement = RetryOf(await LeaseAsync(), TimeSpan.FromSeconds(30)) with { BlockEndpointFor = TimeSpan.FromMinutes(5) };
        await LoseAnswerAsync(settlement);

        await SettleAsync(settlement);

        Queue.Holds.ShouldHaveSingleItem().BlockedUntil.ShouldBe(Now + TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task Lease_that_somebody_else_has_taken_over_is_not_ended_by_a_late_outcome()
    {
        var lost = await LeaseAsync();
        Queue.Lost.Add(lost);

        await SettleAsync(DeliveredOf(lost));

        Queue.Ended.ShouldBeEmpty();
        Queue.Enqueued.ShouldAllBe(delivery => delivery.Version == lost.Version, "the same version changes nothing in the queue");
    }

    [Fact]
    public async Task Outcomes_of_a_batch_that_are_new_are_told_as_they_are()
    {
        var repeated = RetryOf(await LeaseAsync(), TimeSpan.FromSeconds(30));
        var delivered = DeliveredOf(await LeaseAsync());
        var failed = RetryOf(await LeaseAsync(), TimeSpan.FromSeconds(40));
        await LoseAnswerAsync(repeated);

        await SettleAsync(repeated, delivered, failed);

        Queue.Ended.ShouldBe([delivered.Lease, failed.Lease], ignoreOrder: true);
        Queue.Enqueued.Select(delivery => delivery.Id).ShouldBe([repeated.Lease.Delivery, failed.Lease.Delivery], ignoreOrder: true);
    }

    private async Task LoseAnswerAsync(Settlement settlement)
    {
        Queue.BeforeSettled = () => throw new StoreUnavailableException("the connection was lost after the commit");
        await Should.ThrowAsync<StoreUnavailableException>(() => SettleAsync(settlement));
        Queue.BeforeSettled = null;
        Queue.Enqueued.Clear();
        Queue.Ended.Clear();
        Queue.Holds.Clear();
    }
}
