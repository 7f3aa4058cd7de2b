using System.Diagnostics.Metrics;
using Hookstream.Core.Circuits;
using Hookstream.Core.Retries;

namespace Hookstream.Storage.Postgres;

/// <summary>Where the PostgreSQL store is, and what it needs to know of the deployment.</summary>
public sealed record PostgresStoreOptions
{
    /// <summary>A connection string of Npgsql's; <see cref="Database.DatabaseUrl"/> makes one of a URL.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>The verification that subscribers need at the least.</summary>
    public VerificationMode Verification { get; init; } = VerificationMode.Optional;

    /// <summary>The schedule of subscribers without one of their own; its first delay is that of fresh deliveries.</summary>
    public RetrySchedule RetrySchedule { get; init; } = RetrySchedule.Default;

    /// <summary>The circuit breaker of subscribers without settings of their own.</summary>
    public CircuitOptions Circuits { get; init; } = new();

    /// <summary>Rows that may wait in front of the writers before appends are refused.</summary>
    public int MaxWaitingRows { get; init; } = 20_000;

    /// <summary>Bytes that may wait in front of the writers before appends are refused.</summary>
    public long MaxWaitingBytes { get; init; } = 64 << 20;

    /// <summary>Transactions that write events at the same time, from this process.</summary>
    public int Writers { get; init; } = 2;

    /// <summary>
    /// False: nothing listens for notifications and every session forgets its settings, as behind PgBouncer in transaction
    /// mode; what another node changes is noticed by polling, within 1 s.
    /// </summary>
    public bool Listen { get; init; } = true;

    /// <summary>
    /// After PostgreSQL has come back, no lease that has run out is taken over for this long: whoever holds it could neither
    /// renew nor settle meanwhile, and settles first.
    /// </summary>
    public TimeSpan LeaseGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whose clock decides. The process's only in tests, which own it.</summary>
    public ClockSource Clock { get; init; } = ClockSource.Store;

    /// <summary>Makes the meter of what it counts; null: one of its own.</summary>
    public IMeterFactory? Meters { get; init; }
}
