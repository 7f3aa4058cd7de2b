using Npgsql;

namespace Hookstream.Storage.Postgres.Database;

/// <summary>Reads and changes on a connection of their own, with failures as the callers of a port see them.</summary>
internal static class SessionCalls
{
    private const int MaxTries = 5;

    /// <exception cref="StoreUnavailableException">The store is away.</exception>
    public static async Task<T> ReadAsync<T>(
        this NpgsqlDataSource sessions, Func<NpgsqlConnection, Task<T>> read, CancellationToken cancellation)
    {
        try
        {
            await using var connection = await sessions.OpenConnectionAsync(cancellation);
            return await read(connection);
        }
        catch (Exception exception) when (IsAway(exception, cancellation))
        {
            throw PostgresFailure.ToUnavailable(exception);
        }
    }

    /// <summary>
    /// Runs a transaction; again after a deadlock. <paramref name="change"/> may therefore run more than once.
    /// </summary>
    /// <exception cref="StoreUnavailableException">Nothing was changed, or it is not known whether.</exception>
    public static async Task<T> ChangeAsync<T>(
        this NpgsqlDataSource sessions, Func<NpgsqlConnection, Task<T>> change, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await using var connection = await sessions.OpenConnectionAsync(cancellation);
                await using var transaction = await connection.BeginTransactionAsync(cancellation);
                var result = await change(connection);
                // What is ready is committed: a caller who goes away now must not leave it in doubt.
                await transaction.CommitAsync(CancellationToken.None);
                return result;
            }
            catch (Exception exception) when (PostgresFailure.IsTransient(exception) && tries < MaxTries)
            {
            }
            catch (Exception exception) when (PostgresFailure.IsTransient(exception) || IsAway(exception, cancellation))
            {
                throw PostgresFailure.ToUnavailable(exception);
            }
        }
    }

    /// <summary>The same for a change that may write history: a partition that is missing is made, and it runs again.</summary>
    public static async Task<T> ChangeAsync<T>(
        this NpgsqlDataSource sessions,
        PartitionSet partitions,
        Func<IEnumerable<Guid>> ids,
        Func<NpgsqlConnection, Task<T>> change,
        CancellationToken cancellation)
    {
        try
        {
            return await sessions.ChangeAsync(change, cancellation);
        }
        catch (PostgresException exception) when (PostgresFailure.IsNoPartition(exception))
        {
            await partitions.EnsureForAsync(ids(), cancellation);
            return await sessions.ChangeAsync(change, cancellation);
        }
    }

    private static bool IsAway(Exception exception, CancellationToken cancellation) =>
        exception is not (StoreUnavailableException or OperationCanceledException)
        && !cancellation.IsCancellationRequested
        && PostgresFailure.IsAway(exception);
}
