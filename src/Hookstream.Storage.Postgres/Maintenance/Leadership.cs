using Microsoft.Extensions.Logging;

namespace Hookstream.Storage.Postgres.Maintenance;

/// <summary>
/// One process does the chores: the one whose row says so, for 30 s after it was last renewed. A row and not a lock of a
/// session, so that it works behind a pooler, too. Chores bear two leaders for a moment.
/// </summary>
internal sealed class Leadership(Sessions sessions, StoreClock clock, ILogger logger) : IAsyncDisposable
{
    private const string Take =
        """
        insert into leaders (name, owner, until)
        values ('chores', $1, coalesce($2, statement_timestamp()) + interval '30 seconds')
        on conflict (name) do update
        set owner = excluded.owner, until = excluded.until
        where leaders.owner = excluded.owner or leaders.until <= coalesce($2, statement_timestamp())
        """;

    private const string GiveUp = "delete from leaders where name = 'chores' and owner = $1";

    private const long NotTaken = long.MinValue;

    private static readonly TimeSpan RenewAfter = TimeSpan.FromSeconds(10);

    private readonly Guid _owner = Guid.NewGuid();
    private long _takenAt = NotTaken;

    /// <summary>True when this process is the leader, or has become it.</summary>
    public async Task<bool> HoldAsync(CancellationToken cancellation)
    {
        if (Volatile.Read(ref _takenAt) is not NotTaken and var at && clock.GetElapsedTime(at) < RenewAfter)
            return true;
        // Taken before the store counts the 30 s.
        var asked = clock.GetTimestamp();
        var taken = await sessions.General.ReadAsync(
            connection => connection.Command(Take).Bind(_owner).BindNow(clock).RunAsync(cancellation), cancellation) == 1;
        Volatile.Write(ref _takenAt, taken ? asked : NotTaken);
        return taken;
    }

    /// <summary>Lets the next process be the leader at once.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _takenAt, NotTaken) == NotTaken)
            return;
        try
        {
            await sessions.General.ReadAsync(
                connection => connection.Command(GiveUp).Bind(_owner).RunAsync(CancellationToken.None), CancellationToken.None);
        }
        catch (StoreUnavailableException exception)
        {
            MaintenanceLog.LeadershipKept(logger, exception);
        }
    }
}
