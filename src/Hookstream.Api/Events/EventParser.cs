using System.Text.Json;
using Hookstream.Api.Json;
using Hookstream.Api.Problems;

namespace Hookstream.Api.Events;

/// <summary>
/// Reads an event in one pass over the body's bytes. The payload is only measured: it stays the bytes that it came as.
/// </summary>
internal static class EventParser
{
    /// <summary>Reads a body that is one event; the problem, when it is not even JSON.</summary>
    public static Problem? TryParse(ReadOnlySpan<byte> body, out ParsedEvent parsed)
    {
        parsed = new ParsedEvent { Priority = EventPriority.Normal };
        if (body.IsEmpty)
            return BodyReading.Missing;
        if (JsonScan.CheckEncoding(body) is { } problem)
            return problem;

        var reader = new Utf8JsonReader(body, JsonScan.ReaderOptions);
        try
        {
            reader.Read();
            var isObject = reader.TokenType == JsonTokenType.StartObject;
            if (isObject)
                Read(ref reader, ref parsed);
            else
                SkipValue(ref reader, ref parsed);
            // The parser finds what must not follow.
            reader.Read();
            return isObject ? null : parsed.TooDeep ? JsonScan.TooDeep : BodyReading.NotAnObject;
        }
        catch (JsonException exception)
        {
            return JsonScan.Invalid(exception);
        }
    }

    /// <summary>Reads the event that <paramref name="reader"/> stands at the start of, to its end.</summary>
    public static void Read(ref Utf8JsonReader reader, ref ParsedEvent parsed)
    {
        var seen = EventFields.None;
        string? type = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = EventFieldNames.Match(ref reader);
            if (field == EventFields.None)
            {
                var name = JsonText.TryGet(ref reader, out var text) ? text : "\uFFFD";
                (parsed.Errors ??= new ValidationErrors()).AddUnknown(name, EventFieldNames.All, "field");
            }
            else if ((seen & field) != 0)
            {
                parsed.Fail(EventFieldNames.Of(field), "is given more than once");
                field = EventFields.None;
            }

            seen |= field;
            reader.Read();
            switch (field)
            {
                case EventFields.Payload:
                    ReadPayload(ref reader, ref parsed);
                    break;
                case EventFields.Type or EventFields.EventType:
                    type = ReadType(ref reader, ref parsed, field, type);
                    break;
                case EventFields.IdempotencyKey:
                    ReadIdempotencyKey(ref reader, ref parsed);
                    break;
                case EventFields.Priority:
                    ReadPriority(ref reader, ref parsed);
                    break;
                case EventFields.Timestamp:
                    ReadTimestamp(ref reader, ref parsed);
                    break;
                default:
                    SkipValue(ref reader, ref parsed);
                    break;
            }
        }

        if ((seen & (EventFields.Type | EventFields.EventType)) == 0)
            parsed.Fail("type", "is required");
        if ((seen & EventFields.Payload) == 0)
            parsed.Fail("payload", "is required");
    }

    /// <summary>Moves from the start of a value to its end, and notes when it is nested too deeply.</summary>
    public static void SkipValue(ref Utf8JsonReader reader, ref ParsedEvent parsed)
    {
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
            return;
        var depth = reader.CurrentDepth;
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                parsed.TooDeep |= reader.CurrentDepth - depth >= JsonScan.MaxDepth;
            else if (reader.CurrentDepth == depth)
                return;
        }
    }

    private static void ReadPayload(ref Utf8JsonReader reader, ref ParsedEvent parsed)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            parsed.Fail("payload", "must be a JSON object");
            SkipValue(ref reader, ref parsed);
            return;
        }

        parsed.PayloadStart = (int)reader.TokenStartIndex;
        SkipValue(ref reader, ref parsed);
        parsed.PayloadLength = (int)reader.BytesConsumed - parsed.PayloadStart;
    }

    private static string? ReadType(
        ref Utf8JsonReader reader, ref ParsedEvent parsed, EventFields field, string? earlier)
    {
        var name = EventFieldNames.Of(field);
        var isString = reader.TokenType == JsonTokenType.String;
        if (!TryReadText(ref reader, ref parsed, out var text) || !EventType.TryParse(text, out var type))
            parsed.Fail(name, isString ? $"must have {EventType.Accepted}" : $"must be a string of {EventType.Accepted}");
        else if (type.IsReserved)
            parsed.Fail(name, "must not begin with 'hookstream' or 'webhook': those are Hookstream's own");
        else if (earlier is not null && earlier != text)
            parsed.Fail(name, "differs: 'type' and 'event_type' are the same field, give one of them");
        else
            parsed.Type = type;
        return text;
    }

    private static void ReadIdempotencyKey(ref Utf8JsonReader reader, ref ParsedEvent parsed)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return;
        if (TryReadText(ref reader, ref parsed, out var key) && IdempotencyKey.IsValid(key))
            parsed.IdempotencyKey = key;
        else
            parsed.Fail(IdempotencyKey.Field, $"must be a string of {IdempotencyKey.Accepted}");
    }

    private static void ReadPriority(ref Utf8JsonReader reader, ref ParsedEvent parsed)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return;
        if (!TryReadText(ref reader, ref parsed, out var text) || !Priorities.Words.TryParse(text, out parsed.Priority))
            parsed.Fail("priority", $"must be {Priorities.Words.Accepted}");
    }

    private static void ReadTimestamp(ref Utf8JsonReader reader, ref ParsedEvent parsed)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return;
        if (TryReadText(ref reader, ref parsed, out var text) && Rfc3339.TryParse(text, out var timestamp))
            parsed.Timestamp = timestamp;
        else
            parsed.Fail("timestamp", $"must be {Rfc3339.Accepted}");
    }

    private static bool TryReadText(ref Utf8JsonReader reader, ref ParsedEvent parsed, out string? text)
    {
        text = null;
        if (reader.TokenType == JsonTokenType.String)
            return JsonText.TryGet(ref reader, out text);
        SkipValue(ref reader, ref parsed);
        return false;
    }
}
