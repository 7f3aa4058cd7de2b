using Hookstream.Storage.Postgres.Queueing;
using Npgsql;

namespace Hookstream.Storage.Postgres.Catalogs;

/// <summary>Changes of tenants, keys and subscribers: each moves its tenant's version on, and is known here before it is answered.</summary>
internal sealed class CatalogWriting(Sessions sessions, CatalogSync sync, INotifier notifier, StoreClock clock)
{
    /// <summary>Runs a change of something of one tenant.</summary>
    /// <param name="tenantNo">The tenant.</param>
    /// <param name="shuts">True when it may shut a gate on a person's behalf: no claim is under way while it is committed.</param>
    /// <param name="change">Gives whether anything changed, and the answer; may run more than once.</param>
    /// <param name="cancellation">Cancels, until it is being committed.</param>
    public async Task<T> ChangeAsync<T>(
        long tenantNo,
        bool shuts,
        Func<NpgsqlConnection, Task<(bool Changed, T Answer)>> change,
        CancellationToken cancellation)
    {
        var (changed, answer) = await sessions.General.ChangeAsync(
            async connection =>
            {
                if (shuts)
                    await connection.Command(ClaimGate.Shut).RunAsync(cancellation);
                var done = await change(connection);
                if (done.Changed)
                    await TenantVersion.MoveAsync(connection, [tenantNo], clock, cancellation);
                return done;
            },
            cancellation);
        if (changed)
            await PublishAsync(tenantNo);
        return answer;
    }

    /// <summary>Makes a committed change known: here at once, elsewhere in a moment.</summary>
    public async Task PublishAsync(long tenantNo)
    {
        await sync.EnsureCurrentAsync(tenantNo, CancellationToken.None);
        notifier.CatalogChanged(tenantNo);
    }
}
