namespace Hookstream.Storage.Postgres.Subscribers;

/// <summary>An endpoint's gate in SQL, over <c>subscribers s</c>: what Core's <see cref="EndpointGate"/> says, and what it is not told.</summary>
internal static class GateConditions
{
    /// <summary>Its deliveries read as held; what is disabled holds nothing.</summary>
    public const string IsHeld = $"(s.disabled_reason is null and ({Holds} or s.circuit_opened_at is not null))";

    /// <summary>Nothing of it is claimed, whatever the time: a person decides.</summary>
    public const string IsShut = $"(s.deleted_at is not null or s.cancelling or s.disabled_reason is not null or {Holds})";

    /// <summary>Before when nothing of it is claimed; null: no such time. With an open circuit, then the probe alone.</summary>
    public const string ShutUntil =
        "greatest(s.blocked_until, case when s.circuit_opened_at is not null then greatest(s.circuit_probe_at, s.circuit_lease_until) end)";

    private const string Holds = "(s.paused or (s.effective_verification = 2 and s.verified_at is null))";
}
