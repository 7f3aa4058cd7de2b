namespace Hookstream.Storage.Postgres.Subscribers;

/// <summary>An endpoint's gate in SQL, over <c>subscribers s</c>: what Core's <see cref="EndpointGate"/> says, and what it is not told.</summary>
internal static class GateConditions
{
    /// <summary>Its deliveries read as held; what is disabled holds nothing.</summary>
    public const string IsHeld = $"(s.disabled_reason is null and {Holds})";

    /// <summary>Nothing of it is claimed, whatever the time.</summary>
    public const string IsShut = $"(s.deleted_at is not null or s.cancelling or s.disabled_reason is not null or {Holds})";

    private const string Holds = "(s.paused or (s.effective_verification = 2 and s.verified_at is null))";
}
