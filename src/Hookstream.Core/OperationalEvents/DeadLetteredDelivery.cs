namespace Hookstream.Core.OperationalEvents;

/// <summary>A delivery that was given up on, as the event about it tells.</summary>
internal sealed record DeadLetteredDelivery(
    DeliveryId Id,
    EventId Event,
    EventType EventType,
    SubscriberId Subscriber,
    int AttemptCount,
    int? LastStatusCode,
    DeliveryError? Error);
