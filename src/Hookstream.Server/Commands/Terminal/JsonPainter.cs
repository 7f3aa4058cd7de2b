using System.Text;
using System.Text.Json;
using Spectre.Console;

namespace Hookstream.Server.Commands.Terminal;

/// <summary>Prints JSON indented and coloured, each value as it was written: no number is rounded, no escape resolved.</summary>
internal static class JsonPainter
{
    private static readonly Style NameStyle = new(Color.Blue);
    private static readonly Style StringStyle = new(Color.Green);
    private static readonly Style NumberStyle = new(Color.Yellow);
    private static readonly Style WordStyle = new(Color.Fuchsia);
    private static readonly Style Plain = Style.Plain;

    /// <summary>Gives null when the bytes are no JSON. Lines beyond the limit are left out.</summary>
    public static Paragraph? TryPaint(ReadOnlySpan<byte> json, int mostLines, out int linesLeftOut)
    {
        var painted = new Paragraph();
        var lines = 1;
        linesLeftOut = 0;
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 256 });
            var first = true;
            var afterName = false;
            while (reader.Read())
            {
                var closes = reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray;
                var prefix = "";
                if (!afterName && !first && !(closes && painted.Length > 0 && Opened(json, reader.TokenStartIndex)))
                {
                    lines++;
                    prefix = (closes || Opened(json, reader.TokenStartIndex) ? "\n" : ",\n") + new string(' ', reader.CurrentDepth * 2);
                }

                first = false;
                afterName = reader.TokenType == JsonTokenType.PropertyName;
                if (lines <= mostLines)
                    painted.Append(prefix, Plain).Append(Text(ref reader), StyleOf(reader.TokenType));
            }
        }
        catch (JsonException)
        {
            return null;
        }

        linesLeftOut = Math.Max(0, lines - mostLines);
        return painted;
    }

    /// <summary>Whether what stands before the token, white space aside, opens its container: no comma, no line for an end.</summary>
    private static bool Opened(ReadOnlySpan<byte> json, long tokenStart)
    {
        var before = json[..(int)tokenStart].TrimEnd(" \t\r\n"u8);
        return before.Length > 0 && before[^1] is (byte)'{' or (byte)'[';
    }

    private static string Text(ref Utf8JsonReader reader)
    {
        var text = TerminalText.Clean(Encoding.UTF8.GetString(reader.ValueSpan));
        return reader.TokenType switch
        {
            JsonTokenType.PropertyName => $"\"{text}\": ",
            JsonTokenType.String => $"\"{text}\"",
            _ => text,
        };
    }

    private static Style StyleOf(JsonTokenType token) =>
        token switch
        {
            JsonTokenType.PropertyName => NameStyle,
            JsonTokenType.String => StringStyle,
            JsonTokenType.Number => NumberStyle,
            JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null => WordStyle,
            _ => Plain,
        };
}
