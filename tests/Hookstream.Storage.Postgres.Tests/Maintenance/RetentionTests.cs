using Hookstream.Storage.Postgres.Replays;
using Hookstream.Storage.Postgres.Tests.Parts;
using Hookstream.TestServers.Programs;
using Npgsql;

namespace Hookstream.Storage.Postgres.Tests.Maintenance;

/// <summary>Whole days go at once, unless something of them is still needed, and nothing comes back to a day that goes.</summary>
public sealed class RetentionTests : IAsyncLifetime
{
    private static readonly TimeSpan Retention = TimeSpan.FromDays(30);

    private StoreParts _parts = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static DateOnly FirstDay => new(2026, 1, 1);

    public async ValueTask InitializeAsync() => _parts = await StoreParts.CreateAsync();

    public async ValueTask DisposeAsync()
    {
        if (_parts is not null)
            await _parts.DisposeAsync();
    }

    [Fact]
    public async Task Old_day_is_dropped_with_all_that_is_in_it()
    {
        var parent = await _parts.AddEventAsync();
        await _parts.AddEndedAsync(parent, DeliveryStatus.Delivered);
        await _parts.AddEndedAsync(parent, DeliveryStatus.DeadLetter);
        _parts.Time.Advance(Retention + TimeSpan.FromDays(1));

        (await RemoveAsync()).ShouldBe(3);

        (await PartitionsOfFirstDayAsync()).ShouldBe(0);
        (await _parts.CountAsync("select count(*) from retired_days")).ShouldBe(0);
        (await RemoveAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Day_of_an_event_that_was_sent_later_stays_and_loses_the_rest()
    {
        var kept = await _parts.AddEventAsync();
        var gone = await _parts.AddEventAsync();
        await _parts.AddEndedAsync(kept, DeliveryStatus.Delivered);
        await _parts.AddEndedAsync(gone, DeliveryStatus.Delivered);
        _parts.Time.Advance(TimeSpan.FromDays(3));
        var later = await _parts.AddEndedAsync(kept, DeliveryStatus.Delivered);
        _parts.Time.Advance(Retention - TimeSpan.FromDays(1));

        (await RemoveAsync()).ShouldBe(3);

        (await _parts.CountAsync($"select count(*) from events where id = '{kept.Value}'")).ShouldBe(1);
        (await _parts.CountAsync($"select count(*) from events where id = '{gone.Value}'")).ShouldBe(0);
        (await _parts.CountAsync($"select count(*) from deliveries where id <> '{later.Value}'")).ShouldBe(0);
        _parts.Time.Advance(TimeSpan.FromDays(3));
        // The delivery first; its event when the day is looked at again.
        (await RemoveAsync()).ShouldBe(1);
        (await RemoveAsync()).ShouldBe(1);
        (await PartitionsOfFirstDayAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Day_that_someone_still_reads_is_dropped_when_that_is_over()
    {
        await _parts.AddEndedAsync(await _parts.AddEventAsync(), DeliveryStatus.Delivered);
        _parts.Time.Advance(Retention + TimeSpan.FromDays(1));
        await using (var dump = await _parts.Database.ConnectAsync())
        {
            await using var transaction = await dump.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, Cancellation);
            await using var reading = new NpgsqlCommand("select count(*) from events, deliveries, attempts", dump);
            await reading.ExecuteScalarAsync(Cancellation);

            (await RemoveAsync()).ShouldBe(0);
        }

        (await RemoveAsync()).ShouldBe(2);
        (await PartitionsOfFirstDayAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Replay_that_comes_first_keeps_the_day()
    {
        var parent = await _parts.AddEventAsync();
        var dead = await _parts.AddEndedAsync(parent, DeliveryStatus.DeadLetter);
        _parts.Time.Advance(Retention + TimeSpan.FromDays(1));
        await using var connection = await _parts.Database.ConnectAsync();
        await using var replaying = await connection.BeginTransactionAsync(Cancellation);
        await RunAsync(connection, ChangeStatements.ShareRetention);
        await RunAsync(
            connection,
            $"""
            with gone as (delete from deliveries where id = '{dead.Value}' returning *)
            insert into unfinished (id, tenant, event, event_type, subscriber, status, class, due, waiting_since, created_at)
            select id, tenant, event, event_type, subscriber, 0, 0, created_at, created_at, created_at from gone
            """);

        var retiring = _parts.Days.TryRetireAsync(FirstDay, _parts.Now - Retention, Cancellation);
        await UntilAsync("select count(*) from pg_locks where locktype = 'advisory' and not granted");
        await replaying.CommitAsync(Cancellation);

        (await retiring).ShouldBeFalse();
        (await RemoveAsync()).ShouldBe(0);
        (await _parts.CountAsync($"select count(*) from events where id = '{parent.Value}'")).ShouldBe(1);
    }

    [Fact]
    public async Task Nothing_of_a_day_that_goes_is_replayed()
    {
        var parent = await _parts.AddEventAsync();
        var dead = await _parts.AddEndedAsync(parent, DeliveryStatus.DeadLetter);
        _parts.Time.Advance(Retention + TimeSpan.FromDays(1));
        (await _parts.Days.TryRetireAsync(FirstDay, _parts.Now - Retention, Cancellation)).ShouldBeTrue();
        var subscriber = new Core.Subscribers.SubscriberId(Guid.Parse((await _parts.Database.ReadAsync("select id from subscribers"))[0]));

        (await _parts.Replay.ReplayAsync(StoreParts.TenantNo, dead, Cancellation)).ShouldBe(ReplayOutcome.NotFound);
        (await _parts.Replay.EventToAsync(StoreParts.TenantNo, parent, subscriber, Cancellation)).Outcome.ShouldBe(ReplayOutcome.NotFound);

        (await _parts.CountAsync("select count(*) from unfinished")).ShouldBe(0);
        (await RemoveAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task Removal_that_was_cut_off_goes_on()
    {
        await _parts.AddEndedAsync(await _parts.AddEventAsync(), DeliveryStatus.Delivered);
        _parts.Time.Advance(Retention + TimeSpan.FromDays(1));
        (await _parts.Days.TryRetireAsync(FirstDay, _parts.Now - Retention, Cancellation)).ShouldBeTrue();
        await _parts.RunAsync("alter table attempts detach partition attempts_20260101");
        await _parts.RunAsync("alter table events detach partition events_20260101");

        (await RemoveAsync()).ShouldBe(2);

        (await PartitionsOfFirstDayAsync()).ShouldBe(0);
    }

    private Task<long> RemoveAsync() => _parts.Maintenance.RemoveExpiredAsync(Retention, Cancellation);

    private Task<long> PartitionsOfFirstDayAsync() =>
        _parts.CountAsync("select count(*) from pg_class where relkind = 'r' and relname like '%20260101'");

    private async Task UntilAsync(string count)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        deadline.CancelAfter(Patience.Limit);
        while (await _parts.CountAsync(count) == 0)
            await Task.Delay(5, deadline.Token);
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
