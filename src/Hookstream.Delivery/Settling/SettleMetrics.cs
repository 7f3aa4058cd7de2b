using System.Diagnostics.Metrics;
using Hookstream.Core.Metrics;
using Hookstream.Delivery.Dispatching;

namespace Hookstream.Delivery.Settling;

/// <summary>What came of attempts. It is counted when it is recorded, so that the counts agree with the store.</summary>
internal sealed class SettleMetrics
{
    private readonly ITenantStore _tenants;
    private readonly DeliverySeries _results = new();
    private readonly Tally _deadLettered;
    private readonly Histogram<double> _attemptDuration;
    private readonly Histogram<double> _latency;
    private readonly Histogram<int> _batchSize;
    private readonly Histogram<double> _batchDuration;

    public SettleMetrics(ITenantStore tenants, IMeterFactory? meters = null)
    {
        _tenants = tenants;
        var meter = meters.CreateMeter();
        meter.CreateObservableCounter("hookstream.deliveries", _results.Measure, "{attempt}", "Attempts that are recorded, by what came of them.");
        _deadLettered = meter.CreateTally(
            "hookstream.dead_letter", "{delivery}", "Deliveries that were given up on: the last attempt has failed, or they waited too long.");
        _attemptDuration = meter.CreateSeconds(
            "hookstream.delivery.duration", "One attempt: from its start to the end of the response, or to the failure.", Metering.RequestSeconds);
        _latency = meter.CreateSeconds(
            "hookstream.delivery.latency", "From the event's acceptance, or the last replay, to the delivery.", Metering.WaitSeconds);
        _batchSize = meter.CreateSizes("hookstream.settle.batch.size", "{outcome}", "Outcomes that were recorded together.");
        _batchDuration = meter.CreateSeconds(
            "hookstream.settle.duration", "Recording a batch of outcomes, tries that failed left out.", Metering.WorkSeconds);
    }

    /// <summary>Deliveries were given up on without an attempt.</summary>
    public void DeadLettered(int count) => _deadLettered.Add(count);

    /// <summary>A batch is recorded.</summary>
    /// <param name="claims">The claim of each outcome.</param>
    /// <param name="outcomes">The outcomes.</param>
    /// <param name="took">How long it took.</param>
    public async ValueTask RecordedAsync(IReadOnlyList<Claim> claims, IReadOnlyList<Settlement> outcomes, TimeSpan took)
    {
        _batchSize.Record(outcomes.Count);
        _batchDuration.Record(took.TotalSeconds);
        TenantId? tenant = null;
        var name = "";
        for (var i = 0; i < outcomes.Count; i++)
        {
            var outcome = outcomes[i];
            if (outcome.Disposition == Disposition.DeadLetter)
                _deadLettered.Add();
            if (outcome.Attempt is not { } attempt || claims[i].Work is not { } work)
                continue;
            if (tenant != outcome.Lease.Tenant)
            {
                tenant = outcome.Lease.Tenant;
                name = await NameAsync(outcome.Lease.Tenant).ConfigureAwait(false);
            }

            _results.Count(name, work.EventType.Value, outcome.Disposition);
            _attemptDuration.Record(attempt.Duration.TotalSeconds);
            if (outcome.Disposition == Disposition.Delivered)
                _latency.Record(Math.Max(0, (attempt.StartedAt + attempt.Duration - work.WaitingSince).TotalSeconds));
        }
    }

    // Answered from memory, but for a tenant that has just been made on another node, or is gone.
    private async ValueTask<string> NameAsync(TenantId tenant)
    {
        try
        {
            return (await _tenants.FindAsync(tenant, CancellationToken.None).ConfigureAwait(false))?.Name ?? LabelValues.Other;
        }
        catch (StoreUnavailableException)
        {
            return LabelValues.Other;
        }
    }
}
