using System.Globalization;
using System.Text.Json;
using Hookstream.Api.Json;
using Hookstream.Api.Problems;

namespace Hookstream.Api.Events;

/// <summary>Reads the body of a batch in one pass.</summary>
internal static class BatchParser
{
    public const int MaxEvents = 1000;

    private const string Field = "events";

    private static readonly string Accepted =
        string.Create(CultureInfo.InvariantCulture, $"must be an array of 1 to {MaxEvents} events");

    private static readonly string[] FieldNames = [Field];

    /// <summary>Reads the events; the problem, when the body is not JSON or too deep outside of them.</summary>
    public static Problem? TryParse(ReadOnlySpan<byte> body, ValidationErrors errors, out List<ParsedEvent> events)
    {
        events = [];
        if (body.IsEmpty)
            return BodyReading.Missing;
        if (JsonScan.CheckEncoding(body) is { } problem)
            return problem;

        var reader = new Utf8JsonReader(body, JsonScan.ReaderOptions);
        // Holds what is wrong outside of any event.
        var outside = new ParsedEvent();
        try
        {
            reader.Read();
            var isObject = reader.TokenType == JsonTokenType.StartObject;
            if (isObject)
                ReadBody(ref reader, ref outside, errors, events);
            else
                EventParser.SkipValue(ref reader, ref outside);
            reader.Read();
            return outside.TooDeep ? JsonScan.TooDeep : isObject ? null : BodyReading.NotAnObject;
        }
        catch (JsonException exception)
        {
            return JsonScan.Invalid(exception);
        }
    }

    private static void ReadBody(
        ref Utf8JsonReader reader, ref ParsedEvent outside, ValidationErrors errors, List<ParsedEvent> events)
    {
        var seen = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = JsonText.TryGet(ref reader, out var text) ? text : "\uFFFD";
            reader.Read();
            if (name != Field)
            {
                errors.AddUnknown(name, FieldNames, "field");
                EventParser.SkipValue(ref reader, ref outside);
            }
            else if (seen)
            {
                errors.Add(Field, "is given more than once");
                EventParser.SkipValue(ref reader, ref outside);
            }
            else
            {
                seen = true;
                ReadEvents(ref reader, ref outside, errors, events);
            }
        }

        if (!seen)
            errors.Add(Field, "is required");
    }

    private static void ReadEvents(
        ref Utf8JsonReader reader, ref ParsedEvent outside, ValidationErrors errors, List<ParsedEvent> events)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            errors.Add(Field, Accepted);
            EventParser.SkipValue(ref reader, ref outside);
            return;
        }

        var count = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            count++;
            if (count > MaxEvents)
            {
                EventParser.SkipValue(ref reader, ref outside);
                continue;
            }

            var parsed = new ParsedEvent { Priority = EventPriority.Normal };
            if (reader.TokenType == JsonTokenType.StartObject)
                EventParser.Read(ref reader, ref parsed);
            else
            {
                parsed.Fail("event", "must be a JSON object");
                EventParser.SkipValue(ref reader, ref parsed);
            }

            events.Add(parsed);
        }

        if (count is 0 or > MaxEvents)
            errors.Add(Field, string.Create(CultureInfo.InvariantCulture, $"{Accepted}; it has {count}"));
    }
}
