using System.Diagnostics.Metrics;
using Hookstream.Core.Metrics;

namespace Hookstream.Queue.Redis.Sweeping;

/// <summary>What looking through the store finds that Redis did not know, or knew wrongly.</summary>
internal sealed class SweepMetrics
{
    private readonly Tally _found;
    private readonly Tally _removed;
    private readonly Tally _passes;

    public SweepMetrics(IMeterFactory? meters)
    {
        var meter = meters.CreateMeter();
        _found = meter.CreateTally(
            "hookstream.sweep.found", "{delivery}", "Deliveries that wait in the store and were not in Redis, or older, when somebody looked.");
        _removed = meter.CreateTally(
            "hookstream.sweep.removed", "{delivery}", "Deliveries that were in Redis and do not wait in the store any more.");
        _passes = meter.CreateTally("hookstream.sweep.passes", "{pass}", "Passes over everything that waits in the store.");
    }

    public void Found(long deliveries) => _found.Add(deliveries);

    public void PassEnded(long removed)
    {
        _removed.Add(removed);
        _passes.Add();
    }
}
