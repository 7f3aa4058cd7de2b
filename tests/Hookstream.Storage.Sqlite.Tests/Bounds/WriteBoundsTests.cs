namespace Hookstream.Storage.Sqlite.Tests.Bounds;

/// <summary>What waits in front of the store is bounded: beyond that, appends are refused at once, and nothing is lost.</summary>
public sealed class WriteBoundsTests : SqliteSuite
{
    private const int MaxRows = 50;
    private const int MaxBytes = 1 << 20;

    private protected override SqliteStoreOptions Configure(SqliteStoreOptions options) =>
        options with { MaxWaitingRows = MaxRows, MaxWaitingBytes = MaxBytes };

    [Fact]
    public async Task More_rows_than_may_wait_are_refused_and_the_others_stored()
    {
        var tenant = await NewTenantAsync();
        await SubscribeAsync(tenant);

        var accepted = await AppendWhileBlockedAsync(200, _ => NewEventOf(tenant));

        // A row for the event and one for its delivery; as much as may wait can be under way already.
        accepted.ShouldBeInRange(MaxRows / 2, MaxRows + 2);
        Data.Count("select count(*) from events").ShouldBe(accepted);
        Data.Count("select count(*) from deliveries").ShouldBe(accepted);
        (await AppendAsync(tenant)).EnqueuedCount.ShouldBe(1, "there is room again");
    }

    [Fact]
    public async Task More_bytes_than_may_wait_are_refused_and_the_others_stored()
    {
        const int Payload = 200_000;
        var tenant = await NewTenantAsync();
        var payload = $$"""{"a":"{{new string('x', Payload)}}"}""";

        var accepted = await AppendWhileBlockedAsync(40, _ => NewEventOf(tenant, payload: payload));

        accepted.ShouldBeInRange(MaxBytes / Payload, 2 * ((MaxBytes / Payload) + 1));
        Data.Count("select count(*) from events").ShouldBe(accepted);
    }

    [Fact]
    public async Task Batch_is_refused_whole()
    {
        var tenant = await NewTenantAsync();
        var block = BlockWriter();
        var filling = Enumerable.Range(0, 4)
            .Select(_ => Store.Events.AppendAsync([.. Enumerable.Range(0, MaxRows).Select(_ => NewEventOf(tenant))], Cancellation).AsTask())
            .ToList();

        var refused = filling.Where(append => append.IsFaulted).ToList();
        await block.DisposeAsync();

        refused.ShouldNotBeEmpty();
        foreach (var append in refused)
            await Should.ThrowAsync<StoreUnavailableException>(append);
        await Task.WhenAll(filling.Except(refused));
        Data.Count("select count(*) from events").ShouldBe((filling.Count - refused.Count) * MaxRows);
    }

    [Fact]
    public async Task Outcomes_of_sends_are_taken_however_much_waits()
    {
        var tenant = await NewTenantAsync();
        await DeliverableAsync(tenant);
        var lease = await ClaimOneAsync();
        var block = BlockWriter();
        var filling = Enumerable.Range(0, 200)
            .Select(_ => Store.Events.AppendAsync(NewEventOf(tenant), Cancellation).AsTask())
            .ToList();
        filling.ShouldContain(append => append.IsFaulted);

        var settling = SettleAsync(DeliveredOf(lease));
        await block.DisposeAsync();
        await settling;

        (await ReadAsync(tenant, lease.Delivery)).Delivery.Status.ShouldBe(DeliveryStatus.Delivered);
        await Task.WhenAll(filling.Select(append => append.ContinueWith(_ => { }, TaskScheduler.Default)));
    }

    [Fact]
    public async Task Reads_do_not_wait_for_the_writer()
    {
        var tenant = await NewTenantAsync();
        var (subscriber, delivery) = await DeliverableAsync(tenant);
        var block = BlockWriter();
        var writing = Store.Events.AppendAsync(NewEventOf(tenant), Cancellation).AsTask();

        (await ReadAsync(tenant, delivery.Id)).Delivery.Subscriber.ShouldBe(subscriber.Id);
        (await Store.Events.FindAsync(tenant, delivery.Event, Cancellation)).ShouldNotBeNull();
        (await LoadOneAsync(await ClaimOneAsync())).Event.ShouldBe(delivery.Event);

        writing.IsCompleted.ShouldBeFalse("the writer was kept waiting all the while");
        await block.DisposeAsync();
        (await writing).Outcome.ShouldBe(AppendOutcome.Accepted);
    }

    private async Task<int> AppendWhileBlockedAsync(int count, Func<int, NewEvent> make)
    {
        var block = BlockWriter();
        var appends = Enumerable.Range(0, count)
            .Select(i => Store.Events.AppendAsync(make(i), Cancellation).AsTask())
            .ToList();
        var refused = appends.Where(append => append.IsCompleted).ToList();
        await block.DisposeAsync();

        foreach (var append in refused)
            (await Should.ThrowAsync<StoreUnavailableException>(append)).Message.ShouldContain("than the store can take");
        var stored = await Task.WhenAll(appends.Except(refused));
        stored.ShouldAllBe(result => result.Outcome == AppendOutcome.Accepted);
        return stored.Length;
    }
}
