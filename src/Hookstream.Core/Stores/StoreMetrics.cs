using System.Diagnostics.Metrics;
using Hookstream.Core.Circuits;
using Hookstream.Core.Metrics;

namespace Hookstream.Core.Stores;

/// <summary>What every store counts of its own work.</summary>
internal sealed class StoreMetrics
{
    private readonly Histogram<int> _commitRows;
    private readonly Histogram<double> _commitDuration;
    private readonly Tally[] _circuitChanges;

    public StoreMetrics(IMeterFactory? meters)
    {
        var meter = meters.CreateMeter();
        _commitRows = meter.CreateSizes("hookstream.store.commit.rows", "{row}", "Rows of a group that was committed together, about.");
        _commitDuration = meter.CreateSeconds(
            "hookstream.store.commit.duration", "Writing and committing a group, the flush included.", Metering.WorkSeconds);
        _circuitChanges = meter.CreateTallies(
            "hookstream.circuit.transitions",
            "{transition}",
            "Circuits that the outcomes of attempts opened or closed, and probes that failed.",
            "change",
            "opened",
            "closed",
            "probe_failed");
    }

    public void Committed(int rows, TimeSpan took)
    {
        _commitRows.Record(rows);
        _commitDuration.Record(took.TotalSeconds);
    }

    /// <summary>An outcome was recorded that may have changed a circuit.</summary>
    public void CircuitRecorded(CircuitChange change)
    {
        if (change != CircuitChange.None)
            _circuitChanges[change - CircuitChange.Opened].Add();
    }
}
