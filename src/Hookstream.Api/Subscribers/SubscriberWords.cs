using Hookstream.Api.Json;
using Hookstream.Core.Circuits;

namespace Hookstream.Api.Subscribers;

/// <summary>How the API writes what a subscriber can be.</summary>
internal static class SubscriberWords
{
    public static readonly WordSet<SubscriberStatus> Statuses = new(
        ("pending_verification", SubscriberStatus.PendingVerification),
        ("active", SubscriberStatus.Active),
        ("paused", SubscriberStatus.Paused),
        ("disabled", SubscriberStatus.Disabled));

    public static readonly WordSet<CircuitState> Circuits = new(
        ("closed", CircuitState.Closed), ("open", CircuitState.Open), ("half_open", CircuitState.HalfOpen));

    public static readonly WordSet<PayloadFormat> PayloadFormats = new(
        ("standard", PayloadFormat.Standard), ("raw", PayloadFormat.Raw), ("legacy", PayloadFormat.Legacy));

    public static readonly WordSet<VerificationMode> Verifications = new(
        ("none", VerificationMode.None),
        ("optional", VerificationMode.Optional),
        ("required", VerificationMode.Required));
}
