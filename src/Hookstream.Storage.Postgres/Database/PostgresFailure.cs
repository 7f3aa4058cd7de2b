using System.Net.Sockets;
using Npgsql;

namespace Hookstream.Storage.Postgres.Database;

/// <summary>Tells failures of the store (away, shutting down, out of resources) from those of one row (a constraint).</summary>
internal static class PostgresFailure
{
    /// <summary>True when the store cannot take anything now; the same may work in a moment.</summary>
    public static bool IsAway(Exception exception) => exception switch
    {
        PostgresException { SqlState: { } state } => IsAway(state),
        NpgsqlException or TimeoutException or SocketException or IOException => true,
        _ => exception.InnerException is { } inner && IsAway(inner),
    };

    /// <summary>True when whether a transaction was committed cannot be known from this failure of its commit.</summary>
    public static bool IsAmbiguous(Exception exception) =>
        exception is not PostgresException postgres || postgres.SqlState.StartsWith("57P", StringComparison.Ordinal);

    /// <summary>True for a failure that the same transaction, run again, may well not meet: a deadlock, a serialization.</summary>
    public static bool IsTransient(Exception exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure };

    /// <summary>True when a partition is missing.</summary>
    public static bool IsNoPartition(Exception exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.CheckViolation, ConstraintName: null };

    /// <summary>What the callers of a port see of it.</summary>
    public static StoreUnavailableException ToUnavailable(Exception exception) =>
        exception as StoreUnavailableException ?? new($"PostgreSQL could not take it: {exception.Message}", exception);

    /// <summary>What keeps the store from being opened: that it is away, or that it does not let this program in.</summary>
    public static Exception OfOpening(NpgsqlException exception) => IsAway(exception)
        ? ToUnavailable(exception)
        : new StoreRefusedException($"PostgreSQL refuses: {exception.Message}; see DATABASE_URL", exception);

    // Connection lost, cannot connect, shutting down, recovering, out of disk, memory or connections, read-only, cancelled by a
    // statement timeout.
    private static bool IsAway(string state) =>
        state.StartsWith("08", StringComparison.Ordinal)
        || state.StartsWith("53", StringComparison.Ordinal)
        || state.StartsWith("57", StringComparison.Ordinal)
        || state.StartsWith("58", StringComparison.Ordinal)
        || state is PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.LockNotAvailable;
}
