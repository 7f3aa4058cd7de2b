using Hookstream.Core.Statistics;

namespace Hookstream.Delivery.Tests.Stores;

/// <summary>Keeps what it is given, or refuses it.</summary>
internal sealed class FakeStatistics : IStatisticsStore
{
    private readonly Lock _lock = new();
    private readonly List<StatisticsRow> _rows = [];

    /// <summary>True: it is away.</summary>
    public bool Away { get; set; }

    /// <summary>How many times it has refused.</summary>
    public int Refused { get; private set; }

    public IReadOnlyList<StatisticsRow> Rows
    {
        get
        {
            lock (_lock)
                return [.. _rows];
        }
    }

    public Task AddAsync(IReadOnlyList<StatisticsRow> rows, CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (Away)
            {
                Refused++;
                throw new StoreUnavailableException("away");
            }

            _rows.AddRange(rows);
            return Task.CompletedTask;
        }
    }

    public Task<StatisticsReport?> ReadAsync(TenantId tenant, SubscriberId? subscriber, CancellationToken cancellation) =>
        throw new NotSupportedException();
}
