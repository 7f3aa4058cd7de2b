namespace Hookstream.Storage.Sqlite.Tests.Bounds;

/// <summary>While the store cannot do its work, callers are told so, nothing is half done, and afterwards all goes on.</summary>
public sealed class StoreFailureTests : SqliteSuite
{
    [Fact]
    public async Task Append_that_cannot_be_committed_is_unavailable_and_leaves_nothing()
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);
        TakeAway("deliveries");

        await Should.ThrowAsync<StoreUnavailableException>(
            () => Store.Events.AppendAsync(NewEventOf(tenant, key: "k"), Cancellation).AsTask());

        Data.Count("select (select count(*) from events) + (select count(*) from idempotency_keys)").ShouldBe(0);
        GiveBack("deliveries");
        (await AppendAsync(tenant, key: "k")).EnqueuedCount.ShouldBe(1);
        (await ClaimAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Settle_that_cannot_be_committed_is_unavailable_and_keeps_its_leases()
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);
        await AppendManyAsync(tenant, 3);
        var leases = await ClaimAsync();
        var settlements = leases.Select(lease => DeliveredOf(lease)).ToArray();
        TakeAway("attempts");

        await Should.ThrowAsync<StoreUnavailableException>(() => SettleAsync(settlements));

        GiveBack("attempts");
        (await ClaimAsync()).ShouldBeEmpty("the leases are still held");
        await SettleAsync(settlements);
        foreach (var lease in leases)
            (await ReadAsync(tenant, lease.Delivery)).Attempts.ShouldHaveSingleItem().Late.ShouldBeFalse();
    }

    [Fact]
    public async Task Read_that_fails_is_unavailable_and_the_next_one_is_not()
    {
        var tenant = await NewTenantAsync();
        var appended = await AppendAsync(tenant);
        (await Store.Events.FindAsync(tenant, appended.Id, Cancellation)).ShouldNotBeNull();
        TakeAway("events");

        for (var i = 0; i < 10; i++)
        {
            await Should.ThrowAsync<StoreUnavailableException>(
                () => Store.Events.FindAsync(tenant, appended.Id, Cancellation));
        }

        GiveBack("events");
        (await Store.Events.FindAsync(tenant, appended.Id, Cancellation)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Health_is_down_while_the_store_does_not_answer()
    {
        (await Store.Maintenance.CheckAsync(Cancellation)).Up.ShouldBeTrue();
        TakeAway("meta");

        (await Store.Maintenance.CheckAsync(Cancellation)).Up.ShouldBeFalse();

        GiveBack("meta");
        (await Store.Maintenance.CheckAsync(Cancellation)).Up.ShouldBeTrue();
    }

    [Fact]
    public async Task Health_is_down_while_nothing_can_be_committed_and_up_again_without_anyone_writing()
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);
        Refuse("events");
        Refuse("meta");
        await Should.ThrowAsync<StoreUnavailableException>(() => Store.Events.AppendAsync(NewEventOf(tenant), Cancellation).AsTask());

        (await Store.Maintenance.CheckAsync(Cancellation)).Up.ShouldBeFalse("reads work, but nothing can be taken");

        Data.Execute("drop trigger refuse_events; drop trigger refuse_meta");
        (await Store.Maintenance.CheckAsync(Cancellation)).Up.ShouldBeTrue();
    }

    [Fact]
    public async Task Caller_that_is_told_of_a_failure_does_not_hold_up_the_writer()
    {
        using var goOn = new ManualResetEventSlim();
        var tenant = await NewTenantAsync();
        TakeAway("events");
        // Kept from failing until somebody waits for it: a failure that is there already is told to whoever asks, here.
        var block = BlockWriter();
        var told = Store.Events.AppendAsync(NewEventOf(tenant), Cancellation).AsTask().ContinueWith(
            _ => goOn.Wait(Patience), Cancellation, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await block.DisposeAsync();

        await NewTenantAsync("another").WaitAsync(Patience / 2, Cancellation);

        goOn.Set();
        (await told).ShouldBeTrue();
        GiveBack("events");
    }

    // Fails as a store does that cannot write, not as one that refuses a row.
    private void Refuse(string table) => Data.Execute(
        $"create trigger refuse_{table} before insert on {table} begin select json('['); end");

    private void TakeAway(string table) => Data.Execute($"alter table {table} rename to {table}_away");

    private void GiveBack(string table) => Data.Execute($"alter table {table}_away rename to {table}");
}
