namespace Hookstream.Benchmarks;

/// <summary>How much is measured. Figures for the record use the default sizes.</summary>
internal sealed record BenchmarkSettings
{
    public static BenchmarkSettings Full { get; } = new();

    public static BenchmarkSettings Smoke { get; } = new()
    {
        Rounds = 1,
        IngestSeconds = 2,
        IngestWarmupSeconds = 1,
        DrainDeliveries = 8_000,
        DrainWarmupDeliveries = 4_000,
        LatencySeconds = 3,
        LatencyWarmupSeconds = 1,
        MemoryDeliveries = 20_000,
        MemoryDrainSeconds = 2,
        HistoryDeliveries = 50_000,
    };

    public int Rounds { get; init; } = 3;

    public int Connections { get; init; } = 50;

    public int IngestSeconds { get; init; } = 10;

    public int IngestWarmupSeconds { get; init; } = 5;

    public int DrainDeliveries { get; init; } = 100_000;

    public int DrainWarmupDeliveries { get; init; } = 20_000;

    /// <summary>
    /// The default of HOOKSTREAM_ENDPOINT_CONCURRENCY, so that sender and server have as many in flight.
    /// </summary>
    public int SendsInFlight { get; init; } = 32;

    public int LatencyEventsPerSecond { get; init; } = 500;

    public int LatencySeconds { get; init; } = 20;

    public int LatencyWarmupSeconds { get; init; } = 4;

    public int MemoryDeliveries { get; init; } = 1_000_000;

    public int MemoryDrainSeconds { get; init; } = 10;

    public int HistoryDeliveries { get; init; } = 5_000_000;
}
