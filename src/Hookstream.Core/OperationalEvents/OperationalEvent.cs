using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Hookstream.Core.OperationalEvents;

/// <summary>
/// What the engine tells a tenant about its own work: an event like any other, stored in the transaction of what it tells of,
/// for the subscribers whose filters name it. Where nobody wants it, there is none.
/// </summary>
/// <param name="Type">Its type.</param>
/// <param name="About">The endpoint that it is about, which does not get it; null: it is about no endpoint.</param>
/// <param name="Payload">A JSON object.</param>
internal sealed record OperationalEvent(EventType Type, SubscriberId? About, ReadOnlyMemory<byte> Payload)
{
    /// <summary>A delivery was given up on.</summary>
    public static readonly EventType DeadLettered = EventType.FromStore("hookstream.delivery.dead_lettered");

    /// <summary>An endpoint was disabled.</summary>
    public static readonly EventType Disabled = EventType.FromStore("hookstream.endpoint.disabled");

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Tells of a delivery; null where it was that of an operational event: of those nothing is told, or it would never end.</summary>
    public static OperationalEvent? Of(DeadLetteredDelivery delivery) =>
        delivery.EventType.IsReserved
            ? null
            : new OperationalEvent(DeadLettered, null, Write(json =>
            {
                json.WriteString("delivery_id"u8, delivery.Id.ToString());
                json.WriteString("event_id"u8, delivery.Event.ToString());
                json.WriteString("event_type"u8, delivery.EventType.Value);
                json.WriteString("subscriber_id"u8, delivery.Subscriber.ToString());
                json.WriteNumber("attempt_count"u8, delivery.AttemptCount);
                if (delivery.LastStatusCode is { } code)
                    json.WriteNumber("last_status_code"u8, code);
                else
                    json.WriteNull("last_status_code"u8);
                if (delivery.Error is { } error)
                {
                    json.WriteStartObject("last_error"u8);
                    json.WriteString("code"u8, error.Code);
                    json.WriteString("message"u8, error.Message);
                    json.WriteEndObject();
                }
                else
                {
                    json.WriteNull("last_error"u8);
                }
            }));

    /// <summary>Tells that an endpoint was disabled.</summary>
    public static OperationalEvent EndpointDisabled(SubscriberId subscriber, string reason) =>
        OfEndpoint(Disabled, subscriber, json => json.WriteString("reason"u8, reason));

    private static OperationalEvent OfEndpoint(EventType type, SubscriberId subscriber, Action<Utf8JsonWriter> write) =>
        new(type, subscriber, Write(json =>
        {
            json.WriteString("subscriber_id"u8, subscriber.ToString());
            write(json);
        }));

    private static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
