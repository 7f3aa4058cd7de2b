using Hookstream.Core.Circuits;

namespace Hookstream.Core.Subscribers;

/// <summary>
/// What holds an endpoint's deliveries. It is one row whatever the backlog, looked at when claiming; no delivery is
/// written when it opens or shuts.
/// </summary>
public sealed record EndpointGate
{
    /// <summary>A person paused it.</summary>
    public bool Paused { get; init; }

    /// <summary>Why it is disabled; null: it is not.</summary>
    public string? DisabledReason { get; init; }

    /// <summary>Whether it has to be verified first, with the deployment's default applied.</summary>
    public VerificationMode Verification { get; init; }

    /// <summary>When it answered the challenge, UTC; null: it has not.</summary>
    public DateTimeOffset? VerifiedAt { get; init; }

    /// <summary>It asked to be left alone until then (<c>Retry-After</c>), UTC.</summary>
    public DateTimeOffset? BlockedUntil { get; init; }

    /// <summary>Its circuit breaker.</summary>
    public EndpointCircuit Circuit { get; init; } = EndpointCircuit.Closed;

    /// <summary>
    /// When a person last opened it, UTC. Time spent waiting before that does not count towards the maximum age.
    /// </summary>
    public DateTimeOffset OpenedAt { get; init; }

    /// <summary>What a person sees.</summary>
    public SubscriberStatus Status =>
        DisabledReason is not null ? SubscriberStatus.Disabled
        : Paused ? SubscriberStatus.Paused
        : Verification == VerificationMode.Required && VerifiedAt is null ? SubscriberStatus.PendingVerification
        : SubscriberStatus.Active;

    /// <summary>Why its unfinished deliveries read as held; null: they do not.</summary>
    public HoldReason? HoldReason => Status switch
    {
        SubscriberStatus.Paused => Deliveries.HoldReason.Paused,
        SubscriberStatus.PendingVerification => Deliveries.HoldReason.Unverified,
        SubscriberStatus.Active when Circuit.IsOpen => Deliveries.HoldReason.CircuitOpen,
        _ => null,
    };

    /// <summary>Nothing is claimed before then, whoever opens it: asked to wait, or the circuit cools, UTC; null: no such time.</summary>
    public DateTimeOffset? ShutUntil =>
        BlockedUntil is null || Circuit.ProbeAt > BlockedUntil ? Circuit.ProbeAt : BlockedUntil;

    /// <summary>True when deliveries may be claimed at <paramref name="now"/>; with an open circuit, the probe alone.</summary>
    public bool IsOpen(DateTimeOffset now) =>
        Status == SubscriberStatus.Active && (ShutUntil is not { } until || until <= now);

    /// <summary>Blocked until then at the least; a later time stays.</summary>
    public EndpointGate Blocked(DateTimeOffset? until) =>
        until is null || BlockedUntil >= until ? this : this with { BlockedUntil = until };
}
