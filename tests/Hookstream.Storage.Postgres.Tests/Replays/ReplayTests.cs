using Hookstream.Core.Lanes;
using Hookstream.Core.Recoveries;
using Hookstream.Storage.Postgres.Tests.Parts;

namespace Hookstream.Storage.Postgres.Tests.Replays;

/// <summary>What is particular to many nodes when deliveries are replayed and cancelled.</summary>
public sealed class ReplayTests : IAsyncLifetime
{
    private StoreParts _parts = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _parts = await StoreParts.CreateAsync();

    public async ValueTask DisposeAsync()
    {
        if (_parts is not null)
            await _parts.DisposeAsync();
    }

    [Fact]
    public async Task Other_nodes_are_told_of_a_replay()
    {
        var dead = await _parts.AddEndedAsync(await _parts.AddEventAsync(), DeliveryStatus.DeadLetter);

        (await _parts.Replay.ReplayAsync(StoreParts.TenantNo, dead, Cancellation)).ShouldBe(ReplayOutcome.Accepted);

        _parts.Notifier.Lanes.ShouldBe([(StoreParts.SubscriberNo, (int)EventPriority.High)]);
    }

    [Fact]
    public async Task Same_delivery_replayed_and_cancelled_by_many_nodes_is_in_one_place()
    {
        var dead = await _parts.AddEndedAsync(await _parts.AddEventAsync(), DeliveryStatus.DeadLetter);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 24).Select(i => i % 2 == 0
            ? _parts.Replay.ReplayAsync(StoreParts.TenantNo, dead, Cancellation)
            : _parts.Replay.CancelAsync(StoreParts.TenantNo, dead, Cancellation)));

        outcomes.ShouldAllBe(outcome => outcome == ReplayOutcome.Accepted);
        (await _parts.CountAsync("select (select count(*) from unfinished) + (select count(*) from deliveries)")).ShouldBe(1);
    }

    [Fact]
    public async Task Event_sent_to_one_who_never_had_it_by_many_nodes_makes_one_delivery()
    {
        var parent = await _parts.AddEventAsync();
        var subscriber = new SubscriberId(Guid.Parse((await _parts.Database.ReadAsync("select id from subscribers"))[0]));

        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            _ => _parts.Replay.EventToAsync(StoreParts.TenantNo, parent, subscriber, Cancellation)));

        results.ShouldAllBe(result => result.Outcome == ReplayOutcome.Accepted);
        (await _parts.CountAsync("select count(*) from unfinished")).ShouldBe(1);
    }

    [Fact]
    public async Task Recovery_by_many_nodes_while_a_person_replays_makes_one_delivery_of_each()
    {
        var parents = new List<EventId>();
        for (var i = 0; i < 20; i++)
            parents.Add(await _parts.AddEventAsync());
        var subscriber = await RecoverAsync(20);

        await Task.WhenAll(
            Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _parts.Recovery.RunAsync(Cancellation))),
            Task.WhenAll(parents.Select(
                parent => _parts.Replay.EventToAsync(StoreParts.TenantNo, parent, subscriber, Cancellation))));

        (await _parts.CountAsync("select count(*) from unfinished")).ShouldBe(20);
        (await _parts.CountAsync("select count(distinct event) from unfinished")).ShouldBe(20);
    }

    [Fact]
    public async Task Event_of_a_day_that_is_being_removed_is_not_recovered()
    {
        await _parts.AddEventAsync();
        await RecoverAsync(1);
        await _parts.RunAsync("insert into retired_days (day) values ('2026-01-01')");

        while (await _parts.Recovery.RunAsync(Cancellation))
        {
        }

        (await _parts.CountAsync("select count(*) from unfinished")).ShouldBe(0);
        (await _parts.CountAsync("select count(*) from recoveries")).ShouldBe(0);
    }

    [Fact]
    public async Task One_of_a_day_whose_partition_is_missing_can_be_cancelled()
    {
        var pending = await _parts.AddPendingAsync(await _parts.AddEventAsync());
        await _parts.RunAsync("drop table deliveries_20260101");

        (await _parts.Replay.CancelAsync(StoreParts.TenantNo, pending, Cancellation)).ShouldBe(ReplayOutcome.Accepted);

        (await _parts.CountAsync("select count(*) from deliveries where status = 4")).ShouldBe(1);
    }

    [Fact]
    public async Task Priority_comes_back_after_a_bulk_replay()
    {
        var dead = await _parts.AddEndedAsync(await _parts.AddEventAsync(), DeliveryStatus.DeadLetter);
        (await _parts.Bulk.AcceptAsync(StoreParts.TenantNo, new DeliveryQuery(DeliveryStatus.DeadLetter), false, Cancellation)).ShouldBe(1);
        while (await _parts.Bulk.RunAsync(Cancellation))
        {
        }

        (await _parts.CountAsync("select class from unfinished")).ShouldBe(LaneClass.Background);

        await _parts.Replay.ReplayAsync(StoreParts.TenantNo, dead, Cancellation);

        (await _parts.CountAsync("select class from unfinished")).ShouldBe((int)EventPriority.High);
    }

    [Fact]
    public async Task Deleted_endpoint_is_waited_for_a_minute_after_its_last_delivery_is_cancelled()
    {
        var parent = await _parts.AddEventAsync();
        await _parts.AddPendingAsync(parent);
        await _parts.AddPendingAsync(parent, leasedUntil: _parts.Now.AddSeconds(30));
        await _parts.RunAsync(
            $"update subscribers set cancelling = true, cancelling_since = {StoreParts.Sql(_parts.Now)}, deleted_at = {StoreParts.Sql(_parts.Now)}");

        await RunAsync();
        (await CancelledAsync()).ShouldBe(1, "what is in flight is left to end");
        _parts.Time.Advance(TimeSpan.FromSeconds(31));
        await RunAsync();
        (await CancelledAsync()).ShouldBe(2);
        (await CancellingAsync()).ShouldBe(1);
        // An append that had matched it commits only now.
        await _parts.AddPendingAsync(parent);
        await RunAsync();
        (await CancelledAsync()).ShouldBe(3);

        _parts.Time.Advance(TimeSpan.FromSeconds(30));
        await RunAsync();
        (await CancellingAsync()).ShouldBe(0);

        Task<long> CancelledAsync() => _parts.CountAsync("select count(*) from deliveries where status = 4");

        Task<long> CancellingAsync() => _parts.CountAsync("select count(*) from subscribers where cancelling");

        async Task RunAsync()
        {
            while (await _parts.Cancellations.RunAsync(Cancellation))
            {
            }
        }
    }

    [Fact]
    public async Task Disabled_endpoint_is_ready_to_be_enabled_as_soon_as_nothing_is_pending()
    {
        var parent = await _parts.AddEventAsync();
        for (var i = 0; i < 3; i++)
            await _parts.AddPendingAsync(parent);
        await _parts.RunAsync(
            $"update subscribers set cancelling = true, cancelling_since = {StoreParts.Sql(_parts.Now)}, disabled_reason = 'gone'");

        await _parts.Cancellations.FinishAsync(StoreParts.SubscriberNo, Cancellation);

        (await _parts.CountAsync("select count(*) from deliveries where status = 4 and error_code = 'subscriber_disabled'")).ShouldBe(3);
        (await _parts.CountAsync("select count(*) from subscribers where cancelling")).ShouldBe(0);
        _parts.Notifier.Catalogs.ShouldBe([StoreParts.TenantNo]);
    }

    // Accepts the recovery of all there is, as of a moment later.
    private async Task<SubscriberId> RecoverAsync(long count)
    {
        var subscriber = new SubscriberId(Guid.Parse((await _parts.Database.ReadAsync("select id from subscribers"))[0]));
        var since = _parts.Now;
        _parts.Time.Advance(TimeSpan.FromSeconds(1));
        (await _parts.Recovery.AcceptAsync(StoreParts.TenantNo, subscriber, new RecoveryWindow(since, null, since), Cancellation))
            .ShouldBe(new RecoveryResult(RecoveryOutcome.Accepted, count));
        return subscriber;
    }
}
