using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Hookstream.Api.Problems;

namespace Hookstream.Api.Json;

/// <summary>What all bodies are held to before anything is looked up in them.</summary>
internal static class JsonScan
{
    /// <summary>Deepest nesting that is accepted.</summary>
    public const int MaxDepth = 64;

    /// <summary>
    /// The reader itself takes any depth: its state is a bit per level, and too deep a nesting is found by counting, so that
    /// in a batch it costs one event and not all of them.
    /// </summary>
    public static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = int.MaxValue };

    public static readonly Problem TooDeep = new(
        ProblemCode.PayloadTooDeep, $"The JSON is nested deeper than the {MaxDepth} levels that are accepted.");

    /// <summary>Checks UTF-8, syntax, depth and that every string is text; null when all is well.</summary>
    public static Problem? Check(ReadOnlySpan<byte> body)
    {
        if (CheckEncoding(body) is { } problem)
            return problem;

        var reader = new Utf8JsonReader(body, ReaderOptions);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray
                    && reader.CurrentDepth >= MaxDepth)
                    return TooDeep;
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName
                    && !JsonText.TryGet(ref reader, out _))
                    return Invalid(body, reader.TokenStartIndex, "a \\u escape is one half of a surrogate pair");
            }
        }
        catch (JsonException exception)
        {
            return Invalid(exception);
        }

        return null;
    }

    /// <summary>Null when the body is UTF-8.</summary>
    public static Problem? CheckEncoding(ReadOnlySpan<byte> body)
    {
        if (Utf8.IsValid(body))
            return body.StartsWith("\uFEFF"u8) ? Invalid(body, 0, "it begins with a byte order mark, which JSON has none of") : null;
        var position = 0;
        while (Rune.DecodeFromUtf8(body[position..], out _, out var consumed) == System.Buffers.OperationStatus.Done)
            position += consumed;
        return Invalid(body, position, "the bytes are not UTF-8");
    }

    /// <summary>Says what the parser found, and where.</summary>
    public static Problem Invalid(JsonException exception)
    {
        // The parser repeats the position in its own words after the message.
        var end = exception.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        var message = end < 0 ? exception.Message : exception.Message[..end];
        return Invalid(exception.LineNumber ?? 0, exception.BytePositionInLine ?? 0, message.TrimEnd('.'));
    }

    private static Problem Invalid(ReadOnlySpan<byte> body, long position, string message)
    {
        var before = body[..(int)position];
        return Invalid(before.Count((byte)'\n'), before.Length - (before.LastIndexOf((byte)'\n') + 1), message);
    }

    private static Problem Invalid(long line, long position, string message) => new(
        ProblemCode.InvalidJson, $"The body is not valid JSON at line {line + 1}, byte {position + 1}: {message}.");
}
