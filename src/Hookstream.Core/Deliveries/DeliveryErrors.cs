namespace Hookstream.Core.Deliveries;

/// <summary>Why a delivery ended that no attempt ended.</summary>
internal static class DeliveryErrors
{
    public static readonly DeliveryError SubscriberDeleted =
        new("subscriber_deleted", "the subscriber was deleted before it was delivered");

    public static readonly DeliveryError SubscriberDisabled =
        new("subscriber_disabled", "the subscriber was disabled before it was delivered");

    public static readonly DeliveryError CancelledByPerson = new("cancelled", "it was cancelled by request");
}
