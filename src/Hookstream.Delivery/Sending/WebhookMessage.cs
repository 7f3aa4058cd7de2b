using Hookstream.Core.Tracing;

namespace Hookstream.Delivery.Sending;

/// <summary>One request to an endpoint, before it is signed.</summary>
internal sealed class WebhookMessage
{
    public required EndpointSnapshot Endpoint { get; init; }

    public required EventId Event { get; init; }

    public required DeliveryId Delivery { get; init; }

    /// <summary><see cref="Event"/> as the request and its span have it, made once.</summary>
    public string EventText => field ??= Event.ToString();

    /// <summary><see cref="Delivery"/> as the request and its span have it, made once.</summary>
    public string DeliveryText => field ??= Delivery.ToString();

    public required EventType Type { get; init; }

    public required DateTimeOffset EventTimestamp { get; init; }

    /// <summary>The bytes that were posted, or the whole body when <see cref="Format"/> is raw.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    public required PayloadFormat Format { get; init; }

    public required int Number { get; init; }

    public required AttemptTrigger Trigger { get; init; }

    /// <summary>Sent along, for the endpoint to go on with; null: nothing is.</summary>
    public TraceContext? Trace { get; set; }

    public static WebhookMessage Of(DeliveryWork work) => new()
    {
        Endpoint = work.Endpoint,
        Event = work.Event,
        Delivery = work.Lease.Delivery,
        Type = work.EventType,
        EventTimestamp = work.EventTimestamp,
        Payload = work.Payload,
        Format = work.Endpoint.Subscriber.Settings.PayloadFormat,
        Number = work.AttemptCount + 1,
        Trigger = work.Trigger,
        Trace = work.Trace,
    };
}
