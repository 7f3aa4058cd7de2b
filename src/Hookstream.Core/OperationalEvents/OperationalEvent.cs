using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Hookstream.Core.Circuits;

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

    /// <summary>The circuit of an endpoint went from closed to open.</summary>
    public static readonly EventType CircuitOpened = EventType.FromStore("hookstream.endpoint.circuit_opened");

    /// <summary>The circuit of an endpoint was open, and is closed.</summary>
    public static readonly EventType CircuitClosed = EventType.FromStore("hookstream.endpoint.circuit_closed");

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

    /// <summary>
    /// Tells what became of a circuit; null where it is as it was: a failed probe leaves it open. Two endpoints that tell each
    /// other do so no faster than their cooling periods let them open again.
    /// </summary>
    /// <param name="subscriber">The endpoint.</param>
    /// <param name="openedBefore">When it had opened before; null: it was closed.</param>
    /// <param name="after">The circuit now.</param>
    public static OperationalEvent? OfCircuit(SubscriberId subscriber, DateTimeOffset? openedBefore, EndpointCircuit after) =>
        (openedBefore, after.OpenedAt) switch
        {
            (null, { } openedAt) => OfEndpoint(CircuitOpened, subscriber, json =>
            {
                json.WriteNumber("failures"u8, after.Failures);
                WriteTime(json, "opened_at"u8, openedAt);
                WriteTime(json, "next_probe_at"u8, after.ProbeAt);
            }),
            ({ } openedAt, null) => OfEndpoint(CircuitClosed, subscriber, json => WriteTime(json, "opened_at"u8, openedAt)),
            _ => null,
        };

    private static void WriteTime(Utf8JsonWriter json, ReadOnlySpan<byte> name, DateTimeOffset? time) =>
        json.WriteString(name, time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));

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
