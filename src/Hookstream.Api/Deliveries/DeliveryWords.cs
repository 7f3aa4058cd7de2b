using Hookstream.Api.Json;

namespace Hookstream.Api.Deliveries;

/// <summary>How the API writes what a delivery can be.</summary>
internal static class DeliveryWords
{
    public static readonly WordSet<DeliveryStatus> Statuses = new(
        ("pending", DeliveryStatus.Pending),
        ("held", DeliveryStatus.Held),
        ("failed", DeliveryStatus.Failed),
        ("delivered", DeliveryStatus.Delivered),
        ("dead_letter", DeliveryStatus.DeadLetter),
        ("cancelled", DeliveryStatus.Cancelled));

    public static readonly WordSet<HoldReason> HoldReasons = new(
        ("paused", HoldReason.Paused), ("unverified", HoldReason.Unverified), ("circuit_open", HoldReason.CircuitOpen));

    public static readonly WordSet<AttemptTrigger> Triggers = new(
        ("schedule", AttemptTrigger.Schedule),
        ("replay", AttemptTrigger.Replay),
        ("probe", AttemptTrigger.Probe),
        ("test", AttemptTrigger.Test));
}
