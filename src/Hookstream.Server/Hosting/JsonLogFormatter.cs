using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Hookstream.Core.Times;
using Hookstream.Server.Configuration;
using ZLogger;

namespace Hookstream.Server.Hosting;

/// <summary>
/// Writes a log entry as one JSON object: <c>timestamp</c>, <c>level</c>, <c>category</c>, <c>message</c>, then the
/// message's parameters in snake case, then <c>exception</c>. Parameters are written as what their text is and never taken
/// apart, so that no secret gets out with an object around it.
/// </summary>
internal sealed class JsonLogFormatter : IZLoggerFormatter
{
    private const string OriginalFormat = "{OriginalFormat}";

    // Unvalidated: a line whose parameters repeat a name is better than none.
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private static readonly JsonEncodedText Timestamp = JsonEncodedText.Encode("timestamp");
    private static readonly JsonEncodedText Level = JsonEncodedText.Encode("level");
    private static readonly JsonEncodedText Category = JsonEncodedText.Encode("category");
    private static readonly JsonEncodedText Message = JsonEncodedText.Encode("message");

    private static readonly JsonEncodedText[] Levels =
    [
        .. Enum.GetValues<LogLevel>().Where(level => level != LogLevel.None).Order()
            .Select(level => JsonEncodedText.Encode(level.ToWord())),
    ];

    private static readonly ConcurrentDictionary<string, JsonEncodedText> Names = new(StringComparer.Ordinal);

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _messageOfThread;

    [ThreadStatic]
    private static Utf8JsonWriter? _jsonOfThread;

    public bool WithLineBreak => true;

    public void FormatLogEntry(IBufferWriter<byte> writer, IZLoggerEntry entry)
    {
        var json = _jsonOfThread ??= new Utf8JsonWriter(writer, Options);
        json.Reset(writer);
        json.WriteStartObject();
        // Each reading of it is a copy.
        var info = entry.LogInfo;
        json.WritePropertyName(Timestamp);
        WriteTime(json, info.Timestamp.Utc);
        json.WriteString(Level, Levels[(int)info.LogLevel]);
        json.WriteString(Category, info.Category.JsonEncoded);
        var message = _messageOfThread ??= new ArrayBufferWriter<byte>(256);
        message.ResetWrittenCount();
        entry.ToString(message);
        json.WriteString(Message, message.WrittenSpan);
        // Has its names in UTF-8: it writes itself.
        if (entry.IsSupportUtf8ParameterKey)
            entry.WriteJsonParameterKeyValues(json, JsonSerializerOptions.Default);
        else
            WriteParameters(json, entry);

        if (info.Exception is { } exception)
            WriteException(json, exception);
        json.WriteEndObject();
        json.Flush();
    }

    private static void WriteParameters(Utf8JsonWriter json, IZLoggerEntry entry)
    {
        for (var i = 0; i < entry.ParameterCount; i++)
        {
            var name = entry.GetParameterKeyAsString(i);
            if (name == OriginalFormat)
                continue;
            json.WritePropertyName(Names.GetOrAdd(name, Encode));
            WriteValue(json, entry.GetParameterValue(i));
        }
    }

    // A parameter called like a keyword comes with the sign that escapes it.
    private static JsonEncodedText Encode(string name) =>
        JsonEncodedText.Encode(JsonNamingPolicy.SnakeCaseLower.ConvertName(name.TrimStart('@')));

    private static void WriteValue(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case string text:
                json.WriteStringValue(text);
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case int number:
                json.WriteNumberValue(number);
                break;
            case long number:
                json.WriteNumberValue(number);
                break;
            case double number when double.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            case DateTimeOffset time:
                WriteTime(json, time);
                break;
            case IUtf8SpanFormattable text:
                WriteText(json, text);
                break;
            case Enum word:
                json.WriteStringValue(JsonNamingPolicy.SnakeCaseLower.ConvertName(word.ToString()));
                break;
            default:
                json.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    private static void WriteText(Utf8JsonWriter json, IUtf8SpanFormattable value)
    {
        Span<byte> text = stackalloc byte[64];
        if (value.TryFormat(text, out var written, default, CultureInfo.InvariantCulture))
            json.WriteStringValue(text[..written]);
        else
            json.WriteStringValue(value.ToString());
    }

    private static void WriteTime(Utf8JsonWriter json, DateTimeOffset time)
    {
        Span<byte> text = stackalloc byte[TimeText.Room];
        TimeText.Write(time, text);
        json.WriteStringValue(text[..TimeText.Length]);
    }

    private static void WriteException(Utf8JsonWriter json, Exception exception)
    {
        json.WriteStartObject("exception"u8);
        json.WriteString("type"u8, exception.GetType().FullName);
        json.WriteString("message"u8, exception.Message);
        json.WriteString("stack_trace"u8, exception.ToString());
        json.WriteEndObject();
    }
}
