using System.Diagnostics.Metrics;
using Hookstream.Core.Metrics;

namespace Hookstream.Delivery.Dispatching;

/// <summary>What this process claims, and what it has in flight.</summary>
internal sealed class DispatchMetrics
{
    private readonly Tally _made;
    private readonly Tally _failed;
    private readonly Tally _claimed;
    private readonly Tally _leasesExpired;
    private readonly Histogram<double> _duration;

    public DispatchMetrics(ClaimLedger ledger, IMeterFactory? meters = null)
    {
        var meter = meters.CreateMeter();
        meter.CreateObservableUpDownCounter(
            "hookstream.deliveries.in_flight", () => ledger.InFlight, "{delivery}", "Deliveries that this process sends, or is about to.");
        var claims = meter.CreateTallies(
            "hookstream.claims",
            "{claim}",
            "Rounds of asking the queue for what is due; a worker that has nothing to do makes one a second.",
            "result",
            "ok",
            "failed");
        (_made, _failed) = (claims[0], claims[1]);
        _claimed = meter.CreateTally("hookstream.claimed_deliveries", "{delivery}", "Deliveries that were claimed.");
        _leasesExpired = meter.CreateTally(
            "hookstream.leases.expired", "{lease}", "Deliveries that were claimed because the lease of whoever had them before has run out.");
        _duration = meter.CreateSeconds("hookstream.claim.duration", "One claim, those that find nothing included.", Metering.WorkSeconds);
    }

    public void Claimed(int deliveries, TimeSpan took)
    {
        _made.Add();
        if (deliveries > 0)
            _claimed.Add(deliveries);
        _duration.Record(took.TotalSeconds);
    }

    public void Failed() => _failed.Add();

    public void TookOver() => _leasesExpired.Add();
}
