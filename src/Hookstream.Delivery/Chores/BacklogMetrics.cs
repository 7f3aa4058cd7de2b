using System.Diagnostics.Metrics;
using Hookstream.Core.Circuits;
using Hookstream.Core.Metrics;

namespace Hookstream.Delivery.Chores;

/// <summary>
/// What waits, as it was last measured. Only the process that measures it exports it: where another has taken over, or the store is
/// away, there is no series at all rather than one that stands still.
/// </summary>
internal sealed class BacklogMetrics
{
    private static readonly KeyValuePair<string, object?>[] Reasons =
        Array.ConvertAll<string, KeyValuePair<string, object?>>(["paused", "unverified", "circuit_open", "blocked"], reason => new("reason", reason));

    private readonly LabelValues _tenants;
    private readonly LabelValues _endpoints;

    // Endpoints that have a place without having opened. Half of the places at most: the others are for those that open, however many
    // endpoints come and go.
    private readonly HashSet<string> _closed = new(StringComparer.Ordinal);
    private readonly int _mostClosed;
    private volatile Measured? _last;

    public BacklogMetrics(IMeterFactory? meters = null)
        : this(meters, MetricLimits.Tenants, MetricLimits.Endpoints)
    {
    }

    internal BacklogMetrics(IMeterFactory? meters, int tenants, int endpoints)
    {
        _tenants = new LabelValues(tenants);
        _endpoints = new LabelValues(endpoints);
        _mostClosed = endpoints / 2;
        var meter = meters.CreateMeter();
        meter.CreateObservableGauge(
            "hookstream.queue.depth", () => Of(last => last.Depths), "{delivery}", "Deliveries that are not finished, those that are held included.");
        meter.CreateObservableGauge(
            "hookstream.deliveries.held", () => Of(last => last.Held), "{delivery}", "Deliveries that wait because their endpoint is shut.");
        meter.CreateObservableGauge(
            "hookstream.oldest_due",
            () => _last is { } last ? [new Measurement<double>(last.OldestDue)] : Array.Empty<Measurement<double>>(),
            "s",
            "For how long the oldest delivery has been due whose endpoint is open and has no rate limit; 0 where none is due.");
        meter.CreateObservableGauge(
            "hookstream.circuit_breaker.state",
            () => Of(last => last.Circuits),
            null,
            "0: closed, 1: open, 2: half open. Where there are many endpoints, of those whose circuit has opened since this process measures.");
    }

    /// <summary>Exports this from now on.</summary>
    public void Show(Backlog backlog)
    {
        var depths = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var tenant in backlog.Tenants)
        {
            var label = _tenants.Of(tenant.Name);
            depths[label] = depths.GetValueOrDefault(label) + tenant.Depth;
        }

        // Those that were open and are not any more read as closed, for as long as this process measures, or until they are gone where
        // that can be told.
        var closed = backlog.ClosedCircuits.Select(endpoint => endpoint.ToString()).ToHashSet(StringComparer.Ordinal);
        var circuits = _last is { } last
            ? last.States.Keys.Where(label => closed.Count == 0 || label == LabelValues.Other || closed.Contains(label))
                .ToDictionary(label => label, _ => 0, StringComparer.Ordinal)
            : [];
        foreach (var endpoint in closed.Where(HasPlace))
            circuits[endpoint] = 0;
        foreach (var (endpoint, state) in backlog.OpenCircuits)
        {
            var label = _endpoints.Of(endpoint.ToString());
            // Of several that share a label, one that is open counts.
            circuits[label] = circuits.GetValueOrDefault(label) == 1 ? 1 : state == CircuitState.HalfOpen ? 2 : 1;
        }

        _last = new Measured(
            [.. depths.Select(depth => new Measurement<long>(depth.Value, new KeyValuePair<string, object?>("tenant", depth.Key)))],
            [
                new(backlog.Held.Paused, Reasons[0]), new(backlog.Held.Unverified, Reasons[1]),
                new(backlog.Held.CircuitOpen, Reasons[2]), new(backlog.Held.Blocked, Reasons[3]),
            ],
            backlog.OldestDue.TotalSeconds,
            circuits,
            [.. circuits.Select(circuit => new Measurement<long>(circuit.Value, new KeyValuePair<string, object?>("endpoint", circuit.Key)))]);
    }

    private bool HasPlace(string endpoint)
    {
        if (_closed.Contains(endpoint))
            return true;
        if (_closed.Count >= _mostClosed || _endpoints.Of(endpoint) == LabelValues.Other)
            return false;
        return _closed.Add(endpoint);
    }

    /// <summary>Exports nothing: somebody else measures, or nobody can.</summary>
    public void Clear() => _last = null;

    private Measurement<long>[] Of(Func<Measured, Measurement<long>[]> series) => _last is { } last ? series(last) : [];

    private sealed record Measured(
        Measurement<long>[] Depths,
        Measurement<long>[] Held,
        double OldestDue,
        IReadOnlyDictionary<string, int> States,
        Measurement<long>[] Circuits);
}
