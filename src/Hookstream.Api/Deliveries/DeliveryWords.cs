using Hookstream.Api.Json;

namespace Hookstream.Api.Deliveries;

/// <summary>How the API writes what a delivery can be.</summary>
internal static class DeliveryWords
{
    public static readonly WordSet<DeliveryStatus> Statuses = new(Words(
        DeliveryStatusCodes.ToCode,
        DeliveryStatus.Pending,
        DeliveryStatus.Held,
        DeliveryStatus.Failed,
        DeliveryStatus.Delivered,
        DeliveryStatus.DeadLetter,
        DeliveryStatus.Cancelled));

    public static readonly WordSet<HoldReason> HoldReasons = new(
        ("paused", HoldReason.Paused), ("unverified", HoldReason.Unverified), ("circuit_open", HoldReason.CircuitOpen));

    private static (string, T)[] Words<T>(Func<T, string> word, params T[] values) =>
        Array.ConvertAll(values, value => (word(value), value));
}
