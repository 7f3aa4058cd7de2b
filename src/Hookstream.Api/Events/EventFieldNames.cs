using System.Text.Json;
using Hookstream.Api.Json;

namespace Hookstream.Api.Events;

/// <summary>How the fields of a posted event are written.</summary>
internal static class EventFieldNames
{
    /// <summary>In the order of the bits of <see cref="EventFields"/>.</summary>
    public static readonly string[] All =
        ["type", "event_type", "payload", IdempotencyKey.Field, "priority", "timestamp"];

    public static EventFields Match(ref Utf8JsonReader reader)
    {
        if (reader.ValueIsEscaped)
        {
            // Rare enough to be compared as text, which is safe from half surrogate pairs.
            return JsonText.TryGet(ref reader, out var name) && Array.IndexOf(All, name) is >= 0 and var index
                ? (EventFields)(1 << index)
                : EventFields.None;
        }

        var span = reader.ValueSpan;
        return span.Length switch
        {
            4 when span.SequenceEqual("type"u8) => EventFields.Type,
            7 when span.SequenceEqual("payload"u8) => EventFields.Payload,
            8 when span.SequenceEqual("priority"u8) => EventFields.Priority,
            9 when span.SequenceEqual("timestamp"u8) => EventFields.Timestamp,
            10 when span.SequenceEqual("event_type"u8) => EventFields.EventType,
            15 when span.SequenceEqual("idempotency_key"u8) => EventFields.IdempotencyKey,
            _ => EventFields.None,
        };
    }

    public static string Of(EventFields field) =>
        All[System.Numerics.BitOperations.TrailingZeroCount((int)field)];
}
