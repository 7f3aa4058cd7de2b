namespace Hookstream.Core.Deliveries;

/// <summary>How the API, the metrics and the logs write a <see cref="DeliveryStatus"/>.</summary>
public static class DeliveryStatusCodes
{
    /// <summary>The code, such as <c>dead_letter</c>.</summary>
    public static string ToCode(this DeliveryStatus status) => status switch
    {
        DeliveryStatus.Pending => "pending",
        DeliveryStatus.Failed => "failed",
        DeliveryStatus.Delivered => "delivered",
        DeliveryStatus.DeadLetter => "dead_letter",
        DeliveryStatus.Cancelled => "cancelled",
        DeliveryStatus.Held => "held",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };
}
