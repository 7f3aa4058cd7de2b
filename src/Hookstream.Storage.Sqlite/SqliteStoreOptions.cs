using System.Diagnostics.Metrics;
using Hookstream.Core.Circuits;
using Hookstream.Core.Retries;

namespace Hookstream.Storage.Sqlite;

/// <summary>Where the embedded store keeps its data, and what it needs to know of the deployment.</summary>
public sealed record SqliteStoreOptions
{
    /// <summary>The data directory; made when it does not exist, with mode 0700.</summary>
    public required string Directory { get; init; }

    /// <summary>The verification that subscribers need at the least.</summary>
    public VerificationMode Verification { get; init; } = VerificationMode.Optional;

    /// <summary>The schedule of subscribers without one of their own; its first delay is that of fresh deliveries.</summary>
    public RetrySchedule RetrySchedule { get; init; } = RetrySchedule.Default;

    /// <summary>The circuit breaker of subscribers without settings of their own.</summary>
    public CircuitOptions Circuits { get; init; } = new();

    /// <summary>Rows that may wait in front of the writer before appends are refused.</summary>
    public int MaxWaitingRows { get; init; } = 20_000;

    /// <summary>Bytes that may wait in front of the writer before appends are refused.</summary>
    public long MaxWaitingBytes { get; init; } = 64 << 20;

    /// <summary>Makes the meter of what it counts; null: one of its own.</summary>
    public IMeterFactory? Meters { get; init; }
}
