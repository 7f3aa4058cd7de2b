using Hookstream.Core.Statistics;
using Hookstream.Delivery.Dispatching;

namespace Hookstream.Delivery.Statistics;

/// <summary>
/// Counts what is recorded, by subscriber, by tenant and minute, until somebody takes it to the store: recording waits for nothing.
/// </summary>
internal sealed class StatisticsCollector(DeliveryOptions options, TimeProvider time)
{
    /// <summary>
    /// Most figures that are kept: those of as many endpoints within two seconds, or of fewer while the store takes none. What is
    /// beyond is not counted.
    /// </summary>
    public const int Most = 20_000;

    private readonly Lock _lock = new();
    private Dictionary<Key, StatisticsFigures> _figures = [];

    /// <summary>Outcomes are recorded.</summary>
    public void Recorded(IReadOnlyList<Claim> claims, IReadOnlyList<Settlement> outcomes)
    {
        var minute = options.Now(time).UtcTicks / TimeSpan.TicksPerMinute;
        lock (_lock)
        {
            for (var i = 0; i < outcomes.Count; i++)
            {
                if (claims[i].Work is not { } work)
                    continue;
                var lease = outcomes[i].Lease;
                Find(new Key(lease.Tenant, lease.Subscriber, minute))?.Record(outcomes[i], work.WaitingSince);
                Find(new Key(lease.Tenant, null, minute))?.Record(outcomes[i], work.WaitingSince);
            }
        }
    }

    /// <summary>Takes what was counted since the last time.</summary>
    public IReadOnlyList<StatisticsRow> Take()
    {
        Dictionary<Key, StatisticsFigures> taken;
        lock (_lock)
        {
            if (_figures.Count == 0)
                return [];
            taken = _figures;
            _figures = [];
        }

        // Only what is counted: outcomes without an attempt make no row.
        return
        [
            .. taken.Where(entry => entry.Value.Attempts > 0).Select(entry => new StatisticsRow(
                entry.Key.Tenant,
                entry.Key.Subscriber,
                new DateTimeOffset(entry.Key.Minute * TimeSpan.TicksPerMinute, TimeSpan.Zero),
                entry.Value)),
        ];
    }

    /// <summary>Gives back what could not be stored, to be taken with what comes.</summary>
    public void Return(IEnumerable<StatisticsRow> rows)
    {
        lock (_lock)
        {
            foreach (var row in rows)
                Find(new Key(row.Tenant, row.Subscriber, row.Minute.UtcTicks / TimeSpan.TicksPerMinute))?.Add(row.Figures);
        }
    }

    private StatisticsFigures? Find(Key key)
    {
        if (_figures.TryGetValue(key, out var known))
            return known;
        if (_figures.Count >= Most)
            return null;
        var added = new StatisticsFigures();
        _figures.Add(key, added);
        return added;
    }

    private readonly record struct Key(TenantId Tenant, SubscriberId? Subscriber, long Minute);
}
