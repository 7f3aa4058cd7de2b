using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Hookstream.Client.Transport;

namespace Hookstream.Client.Events;

internal static class EventJson
{
    public static HttpContent Content(NewEvent newEvent)
    {
        ArgumentNullException.ThrowIfNull(newEvent);
        var buffer = new ArrayBufferWriter<byte>(newEvent.Payload.Length + 256);
        using (var writer = new Utf8JsonWriter(buffer))
            Write(writer, newEvent);
        return ApiJson.Content(buffer.WrittenMemory);
    }

    public static HttpContent Content(IReadOnlyCollection<NewEvent> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        var buffer = new ArrayBufferWriter<byte>(Math.Max(256, events.Sum(item => item.Payload.Length + 128)));
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("events");
            foreach (var item in events)
                Write(writer, item);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return ApiJson.Content(buffer.WrittenMemory);
    }

    private static void Write(Utf8JsonWriter writer, NewEvent newEvent)
    {
        writer.WriteStartObject();
        writer.WriteString("type", newEvent.Type);
        writer.WritePropertyName("payload");
        try
        {
            writer.WriteRawValue(newEvent.Payload.Span);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            throw new ArgumentException($"The payload of '{newEvent.Type}' is not JSON: {exception.Message}", nameof(newEvent), exception);
        }

        if (newEvent.IdempotencyKey is { } key)
            writer.WriteString("idempotency_key", key);
        if (newEvent.Priority is { } priority)
            writer.WriteString("priority", priority);
        if (newEvent.Timestamp is { } timestamp)
        {
            writer.WriteString(
                "timestamp", timestamp.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        }

        writer.WriteEndObject();
    }
}
