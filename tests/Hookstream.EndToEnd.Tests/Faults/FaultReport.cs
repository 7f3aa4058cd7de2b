using System.Globalization;

namespace Hookstream.EndToEnd.Tests.Faults;

/// <summary>What a fault did, counted by the receiver.</summary>
/// <param name="Fault">The fault and the deployment.</param>
/// <param name="Accepted">Deliveries of events that were answered 202.</param>
/// <param name="Delivered">Deliveries that arrived at least once.</param>
/// <param name="Duplicates">Requests beyond the first of a delivery.</param>
/// <param name="MostDuplicates">Deliveries that were claimed and unsettled at the fault: no more may be repeated.</param>
/// <param name="IngestStopped">The longest time without a 202 from the fault on.</param>
/// <param name="DeliveriesStopped">The longest time without a request at the receiver from the fault on.</param>
/// <param name="Recovery">
/// From the fault until everything accepted before it was settled and deliveries arrived soon after their 202 again.
/// </param>
internal sealed record FaultReport(
    string Fault,
    int Accepted,
    int Delivered,
    int Duplicates,
    int MostDuplicates,
    TimeSpan IngestStopped,
    TimeSpan DeliveriesStopped,
    TimeSpan Recovery)
{
    public const string Header =
        "| fault | accepted | delivered | duplicates | claimed and unsettled | ingest stopped | deliveries stopped | recovery |";

    /// <summary>A line of the table.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"| {Fault} | {Accepted:N0} | {Delivered:N0} | {Duplicates} | {MostDuplicates} | {IngestStopped.TotalSeconds:0.0} s | {DeliveriesStopped.TotalSeconds:0.0} s | {Recovery.TotalSeconds:0.0} s |");
}
