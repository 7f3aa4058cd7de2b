namespace Hookstream.Storage.Postgres.Events;

/// <summary>A delivery about to be stored with its event.</summary>
internal readonly record struct NewDelivery(
    DeliveryId Id, PreparedAppend Append, SubscriberEntry Subscriber, TimeSpan Delay);
