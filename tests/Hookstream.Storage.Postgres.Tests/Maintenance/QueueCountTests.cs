using Hookstream.Storage.Postgres.Maintenance;
using Hookstream.Storage.Postgres.Tests.Parts;
using Npgsql;

namespace Hookstream.Storage.Postgres.Tests.Maintenance;

/// <summary>What PostgreSQL makes its plans by follows the queue, however soon it fills.</summary>
public sealed class QueueCountTests : IAsyncLifetime
{
    private StoreParts _parts = null!;
    private NpgsqlConnection _connection = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _parts = await StoreParts.CreateAsync();
        _connection = await _parts.Sessions.General.OpenConnectionAsync(Cancellation);
        // That nobody else counts meanwhile.
        await RunAsync("alter table unfinished set (autovacuum_enabled = off)");
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
            await _connection.DisposeAsync();
        if (_parts is not null)
            await _parts.DisposeAsync();
    }

    [Fact]
    public async Task Queue_that_was_counted_empty_is_counted_again_when_it_has_filled()
    {
        await CountEmptyAsync();
        await AddAsync(5_000);

        await QueueCount.RefreshAsync(_connection, 5_000, Cancellation);

        (await KnownAsync()).ShouldBe(5_000);
    }

    [Theory]
    [InlineData(QueueCount.Few - 1)]
    [InlineData(4_000)]
    public async Task Queue_that_is_short_or_has_grown_little_is_not_counted(int waiting)
    {
        await AddAsync(1_500);
        await RunAsync("analyze unfinished");
        await AddAsync(100);

        await QueueCount.RefreshAsync(_connection, waiting, Cancellation);

        (await KnownAsync()).ShouldBe(1_500);
    }

    // Not the whole table: its pages stay, as vacuum leaves them while others are at work.
    private async Task CountEmptyAsync()
    {
        await AddAsync(5_000);
        await RunAsync("delete from unfinished");
        await RunAsync("analyze unfinished");
        (await KnownAsync()).ShouldBe(0);
    }

    private Task<int> AddAsync(int count) => RunAsync(
        $"""
        insert into unfinished (id, tenant, event, event_type, subscriber, status, class, due, waiting_since, created_at)
        select gen_random_uuid(), 1, gen_random_uuid(), 'a', 1, 0, 1, now(), now(), now() from generate_series(1, {count})
        """);

    private Task<int> RunAsync(string sql) => _connection.Command(sql).RunAsync(Cancellation);

    private Task<long> KnownAsync() => _parts.CountAsync("select reltuples::bigint from pg_class where relname = 'unfinished'");
}
