namespace Hookstream.Storage.Sqlite.Tests.Maintenance;

/// <summary>Chores are done in chunks, so that what people and workers write gets its turn between them.</summary>
public sealed class ChunkTests : SqliteSuite
{
    [Fact]
    public async Task Cancelling_what_a_deleted_subscriber_had_pending_goes_in_chunks()
    {
        var tenant = await NewTenantAsync();
        var subscriber = await SubscribeAsync(tenant);
        await AppendManyAsync(tenant, 1_200);
        await Store.Subscribers.DeleteAsync(tenant, subscriber.Id, Cancellation);
        Cancelled().ShouldBe(0, "deleting is one row, whatever is pending");

        (await Store.Maintenance.RunBacklogAsync(Cancellation)).ShouldBeTrue();

        Cancelled().ShouldBeInRange(1, 500);
        await RunBacklogToTheEndAsync();
        Cancelled().ShouldBe(1_200);

        long Cancelled() => Data.Count("select count(*) from deliveries where status = 4");
    }

    [Fact]
    public async Task Bulk_replay_goes_in_chunks()
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);
        await AppendManyAsync(tenant, 700);
        await SettleAllDueAsync(lease => DeadLetterOf(lease));
        await Store.Deliveries.ReplayAllAsync(tenant, new DeliveryQuery(DeliveryStatus.DeadLetter), false, Cancellation);
        Replayed().ShouldBe(0, "accepting is one row, whatever matches");

        (await Store.Maintenance.RunBacklogAsync(Cancellation)).ShouldBeTrue();

        Replayed().ShouldBeInRange(1, 200);
        await RunBacklogToTheEndAsync();
        Replayed().ShouldBe(700);

        long Replayed() => Data.Count("select count(*) from deliveries where status = 0");
    }

    [Fact]
    public async Task Delivery_replayed_while_retention_runs_keeps_its_attempts()
    {
        var tenant = await NewTenantAsync();
        var (_, delivery) = await DeliverableAsync(tenant);
        await SettleAsync(DeadLetterOf(await ClaimOneAsync()));
        Time.Advance(TimeSpan.FromDays(40));
        var block = BlockWriter();
        // The replay is first in front of the writer; retention has read that the delivery is old before it gets there.
        var replaying = Store.Deliveries.ReplayAsync(tenant, delivery.Id, Cancellation);
        var removing = Store.Maintenance.RemoveExpiredAsync(TimeSpan.FromDays(30), Cancellation);
        replaying.IsCompleted.ShouldBeFalse();

        await block.DisposeAsync();
        (await replaying).Outcome.ShouldBe(ReplayOutcome.Accepted);
        await removing;

        var detail = await ReadAsync(tenant, delivery.Id);
        detail.Delivery.Status.ShouldBe(DeliveryStatus.Pending);
        detail.Attempts.ShouldHaveSingleItem();
        (await LoadOneAsync(await ClaimOneAsync())).AttemptCount.ShouldBe(1);
    }

    [Fact]
    public async Task Event_replayed_to_someone_new_while_retention_runs_stays()
    {
        var tenant = await NewTenantAsync();
        var old = await AppendAsync(tenant);
        var subscriber = await SubscribeAsync(tenant);
        Time.Advance(TimeSpan.FromDays(40));
        var block = BlockWriter();
        var replaying = Store.Events.ReplayAsync(tenant, old.Id, subscriber.Id, Cancellation);
        var removing = Store.Maintenance.RemoveExpiredAsync(TimeSpan.FromDays(30), Cancellation);
        replaying.IsCompleted.ShouldBeFalse();

        await block.DisposeAsync();
        (await replaying).EnqueuedCount.ShouldBe(1);
        await removing;

        (await LoadOneAsync(await ClaimOneAsync())).Event.ShouldBe(old.Id);
    }
}
