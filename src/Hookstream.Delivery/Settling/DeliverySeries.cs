using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Hookstream.Core.Metrics;

namespace Hookstream.Delivery.Settling;

/// <summary>
/// Results of attempts by tenant and type of event. The two multiply, so beside the bound of each there is one of the pairs: beyond it
/// a tenant's types read <see cref="LabelValues.Other"/>. Counting allocates nothing once a pair is known.
/// </summary>
internal sealed class DeliverySeries(
    int tenants = MetricLimits.Tenants, int types = MetricLimits.EventTypes, int pairs = MetricLimits.TenantsAndTypes)
{
    private static readonly string[] Statuses = ["delivered", "failed", "dead_letter"];

    private readonly LabelValues _tenants = new(tenants);
    private readonly LabelValues _types = new(types);
    private readonly ConcurrentDictionary<(string Tenant, string Type), Results> _results = new();
    private readonly Lock _adding = new();
    private int _pairs;

    /// <summary>Counts a result.</summary>
    public void Count(string tenant, string type, Disposition disposition) => Find(tenant, type).Of(disposition).Add();

    public IEnumerable<Measurement<long>> Measure() => _results.Values.SelectMany(results => results.Measure());

    private Results Find(string tenant, string type)
    {
        if (_results.TryGetValue((tenant, type), out var known))
            return known;
        var labels = (Tenant: _tenants.Of(tenant), Type: _types.Of(type));
        return _results.TryGetValue(labels, out known) ? known : Add(labels.Tenant, labels.Type);
    }

    private Results Add(string tenant, string type)
    {
        lock (_adding)
        {
            if (_results.TryGetValue((tenant, type), out var known))
                return known;
            // The pair of what is left over is never refused: there are no more of those than tenants.
            if (type != LabelValues.Other && _pairs >= pairs)
                return _results.GetOrAdd((tenant, LabelValues.Other), labels => new Results(labels.Tenant, labels.Type));
            if (type != LabelValues.Other)
                _pairs++;
            return _results[(tenant, type)] = new Results(tenant, type);
        }
    }

    private sealed class Results(string tenant, string type)
    {
        private readonly Tally[] _tallies = Array.ConvertAll(Statuses, _ => new Tally());

        private readonly KeyValuePair<string, object?>[][] _tags = Array.ConvertAll(
            Statuses, status => new KeyValuePair<string, object?>[] { new("tenant", tenant), new("event_type", type), new("status", status) });

        // What was cut off by a shutdown is an attempt that failed.
        public Tally Of(Disposition disposition) => disposition switch
        {
            Disposition.Delivered => _tallies[0],
            Disposition.DeadLetter => _tallies[2],
            _ => _tallies[1],
        };

        public IEnumerable<Measurement<long>> Measure() => _tallies.Select((tally, i) => new Measurement<long>(tally.Value, _tags[i]));
    }
}
