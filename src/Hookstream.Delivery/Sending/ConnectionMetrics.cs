using System.Diagnostics.Metrics;
using Hookstream.Core.Metrics;

namespace Hookstream.Delivery.Sending;

/// <summary>Connections to endpoints beside the requests made on them, which tells how often one is used again.</summary>
internal sealed class ConnectionMetrics
{
    private readonly Tally _requests;
    private readonly Tally _opened;
    private readonly Tally _failed;

    public ConnectionMetrics(IMeterFactory? meters = null)
    {
        var meter = meters.CreateMeter();
        _requests = meter.CreateTally(
            "hookstream.http.requests", "{request}", "Requests to endpoints that were begun: deliveries, challenges and tests.");
        var connections = meter.CreateTallies(
            "hookstream.http.connections",
            "{connection}",
            "Connections to endpoints, or to the egress proxy, by what came of connecting.",
            "result",
            "opened",
            "failed");
        (_opened, _failed) = (connections[0], connections[1]);
    }

    public void Requested() => _requests.Add();

    public void Connected(bool opened) => (opened ? _opened : _failed).Add();
}
