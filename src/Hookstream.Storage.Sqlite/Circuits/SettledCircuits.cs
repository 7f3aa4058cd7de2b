using Hookstream.Core.Circuits;
using Hookstream.Storage.Sqlite.OperationalEvents;
using Microsoft.Extensions.Logging;

namespace Hookstream.Storage.Sqlite.Circuits;

/// <summary>The circuits that the outcomes of one operation change. They are written with them, and published after the commit.</summary>
internal sealed class SettledCircuits(
    CircuitOptions options, OperationalEventWriter operational, StoreMetrics metrics, ILogger logger)
{
    private readonly Dictionary<SubscriberEntry, EndpointCircuit> _changed = [];

    public void Clear() => _changed.Clear();

    public void Record(DatabaseConnection database, SubscriberEntry endpoint, Settlement settlement, DateTimeOffset now)
    {
        // A success at an endpoint that has none but these is the usual: nothing is read for it.
        var isNews = settlement.Lease.IsProbe
            || settlement.Signal == CircuitSignal.Failure
            || _changed.ContainsKey(endpoint)
            || endpoint.Subscriber.Gate.Circuit.Failures > 0;
        if (!isNews || !settlement.MayChangeCircuit || endpoint.Deleted)
            return;
        var before = _changed.TryGetValue(endpoint, out var known) ? known : CircuitRows.Read(database, endpoint);
        var after = before.After(
            settlement.Signal,
            settlement.CircuitEpoch,
            settlement.Lease.IsProbe,
            options.For(endpoint.Subscriber.Settings),
            now);
        if (after == before)
            return;
        CircuitRows.Write(database, endpoint, after);
        _changed[endpoint] = after;
        operational.CircuitChanged(database, endpoint, before, after, now);
    }

    /// <summary>What an outcome had written for an endpoint was rolled back.</summary>
    public void RolledBack(DatabaseConnection database, SubscriberEntry endpoint)
    {
        if (_changed.ContainsKey(endpoint))
            _changed[endpoint] = CircuitRows.Read(database, endpoint);
    }

    public void Publish(LaneSet lanes)
    {
        foreach (var (endpoint, circuit) in _changed)
        {
            var before = endpoint.Subscriber.Gate.Circuit;
            // Failures alone change no state.
            if (before.Epoch != circuit.Epoch)
            {
                var change = circuit.ChangeSince(before.OpenedAt);
                metrics.CircuitRecorded(change);
                Log.CircuitRecorded(logger, endpoint.Subscriber, change, circuit);
            }

            Publish(endpoint, circuit, lanes);
        }
    }

    /// <summary>Makes a circuit known that has been written.</summary>
    public static void Publish(SubscriberEntry endpoint, EndpointCircuit circuit, LaneSet lanes)
    {
        // Whom events match does not depend on it, so the tenant's version stays.
        endpoint.Change(known => known with
        {
            Subscriber = known.Subscriber with { Gate = known.Subscriber.Gate with { Circuit = circuit } },
        });
        lanes.GateChanged(endpoint.Lane);
    }
}
