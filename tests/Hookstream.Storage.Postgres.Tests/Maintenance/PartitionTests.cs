using Hookstream.Storage.Postgres.Tests.Parts;
using Npgsql;

namespace Hookstream.Storage.Postgres.Tests.Maintenance;

/// <summary>Partitions are there before they are needed, or else as soon as they are, and making them holds nobody up.</summary>
public sealed class PartitionTests : IAsyncLifetime
{
    private const string All =
        "select count(*) from pg_inherits where inhparent in ('events'::regclass, 'deliveries'::regclass, 'attempts'::regclass)";

    private StoreParts _parts = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _parts = await StoreParts.CreateAsync();

    public async ValueTask DisposeAsync()
    {
        if (_parts is not null)
            await _parts.DisposeAsync();
    }

    [Fact]
    public async Task Today_and_three_days_ahead_are_made_and_the_next_one_a_day_later()
    {
        (await _parts.CountAsync(All)).ShouldBe(3 * 4);

        _parts.Time.Advance(TimeSpan.FromDays(1));
        await _parts.Partitions.EnsureAheadAsync(Cancellation);

        (await _parts.CountAsync(All)).ShouldBe(3 * 5);
    }

    [Fact]
    public async Task Same_day_may_be_asked_for_by_many_at_once_and_again()
    {
        var day = _parts.Now.AddDays(40);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _parts.Partitions.EnsureAsync(day, Cancellation)));
        await _parts.Partitions.EnsureAsync(day, Cancellation);

        (await _parts.CountAsync(All)).ShouldBe(3 * 5);
    }

    [Fact]
    public async Task Day_that_is_missing_is_told_from_other_failures_and_can_be_made()
    {
        _parts.Time.Advance(TimeSpan.FromDays(30));
        var failure = await Should.ThrowAsync<PostgresException>(_parts.AddEventAsync);
        PostgresFailure.IsNoPartition(failure).ShouldBeTrue();

        await _parts.Partitions.EnsureForAsync([Guid.CreateVersion7(_parts.Now)], Cancellation);

        await _parts.AddEventAsync();
        (await _parts.CountAsync("select count(*) from events_20260131")).ShouldBe(1);
    }

    [Fact]
    public async Task Making_one_waits_for_no_reader_and_no_writer()
    {
        await using var connection = await _parts.Database.ConnectAsync();
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await using var command = new NpgsqlCommand(
            "insert into idempotency_keys select 1, '', id, '', 0, now() from events; delete from deliveries; delete from events; select count(*) from attempts",
            connection);
        await command.ExecuteNonQueryAsync(Cancellation);

        await _parts.Partitions.EnsureAsync(_parts.Now.AddDays(40), Cancellation);

        await transaction.CommitAsync(Cancellation);
        (await _parts.CountAsync(All)).ShouldBe(3 * 5);
    }
}
