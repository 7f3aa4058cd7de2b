using Hookstream.Core.Circuits;

namespace Hookstream.Core.Deliveries;

/// <summary>The outcome of a claim, to be recorded in one transaction, after which the lease is released.</summary>
public sealed record Settlement
{
    /// <summary>The lease it was sent under.</summary>
    public required Lease Lease { get; init; }

    /// <summary>
    /// True when so little of the lease's duration has passed since it was taken or renewed that nobody else can have it: a queue
    /// apart from the store need not be asked.
    /// </summary>
    public bool LeaseIsFresh { get; init; }

    /// <summary>The attempt to record; null when nothing was sent (expired, released).</summary>
    public Attempt? Attempt { get; init; }

    /// <summary>The epoch of the endpoint's circuit when the send began.</summary>
    public long CircuitEpoch { get; init; }

    /// <summary>What the outcome says about the endpoint: every failed attempt counts but 429.</summary>
    public CircuitSignal Signal => Attempt switch
    {
        null or { Outcome: AttemptOutcome.Interrupted } or { StatusCode: 429 } => CircuitSignal.None,
        { Outcome: AttemptOutcome.Delivered } => CircuitSignal.Success,
        _ => CircuitSignal.Failure,
    };

    /// <summary>True when it may change the endpoint's circuit.</summary>
    public bool MayChangeCircuit =>
        Attempt is not null && Disposition != Disposition.Release && (Lease.IsProbe || Signal != CircuitSignal.None);

    /// <summary>What becomes of the delivery.</summary>
    public required Disposition Disposition { get; init; }

    /// <summary>With <see cref="Disposition.Retry"/>: the wait before the next attempt, by the store's clock.</summary>
    public TimeSpan RetryIn { get; init; }

    /// <summary>Why it is not delivered; null when it is.</summary>
    public DeliveryError? Error { get; init; }

    /// <summary>Holds the whole endpoint for that long (<c>Retry-After</c>); never shortens a wait.</summary>
    public TimeSpan? BlockEndpointFor { get; init; }

    /// <summary>Why the endpoint is to be disabled (<c>410 Gone</c>); null: it is not.</summary>
    public string? DisableEndpointReason { get; init; }
}
