using Hookstream.Storage.Postgres.Events;
using Hookstream.Storage.Postgres.Tests.Parts;
using Npgsql;

namespace Hookstream.Storage.Postgres.Tests.Reading;

/// <summary>A read that is given up while PostgreSQL plans it leaves its connection as it was.</summary>
public sealed class GivenUpReadTests : IAsyncLifetime
{
    // Npgsql prepares a statement the fifth time that a connection runs it.
    private const int Reads = 8;

    private StoreParts _parts = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _parts = await StoreParts.CreateAsync();

    public async ValueTask DisposeAsync()
    {
        if (_parts is not null)
            await _parts.DisposeAsync();
    }

    [Fact]
    public async Task Statement_that_was_given_up_when_it_was_being_prepared_can_be_run_again()
    {
        var id = await _parts.AddEventAsync();
        var reading = new EventReading(_parts.Sessions);
        var partition = $"events_{PartitionSet.SuffixOf(PartitionSet.DayOf(id.Value))}";

        for (var i = 0; i < Reads; i++)
            await GiveUpAsync(partition, stop => reading.FindAsync(StoreParts.TenantNo, id, stop));

        (await reading.FindAsync(StoreParts.TenantNo, id, Cancellation)).ShouldNotBeNull();
    }

    // The statement is parsed with the table alone, and waits for the partition when it is planned.
    private async Task GiveUpAsync<T>(string partition, Func<CancellationToken, Task<T>> read)
    {
        await using var connection = await _parts.Database.ConnectAsync();
        await using var locking = await connection.BeginTransactionAsync(Cancellation);
        await RunAsync(connection, $"lock table {partition} in access exclusive mode");
        using var stop = new CancellationTokenSource();
        var reading = read(stop.Token);
        while (await _parts.CountAsync($"select count(*) from pg_locks where relation = '{partition}'::regclass and not granted") == 0)
            await Task.Delay(TimeSpan.FromMilliseconds(10), Cancellation);

        await stop.CancelAsync();
        // Where it is cut off it ends by itself; where not, it waits for the lock.
        await Task.WhenAny(reading, Task.Delay(TimeSpan.FromMilliseconds(200), Cancellation));
        await locking.RollbackAsync(Cancellation);
        try
        {
            await reading;
        }
        catch (OperationCanceledException)
        {
            // Given up before it was answered, which it may be.
        }
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
