using System.Globalization;
using System.Text;
using Spectre.Console;

namespace Hookstream.Server.Commands.Terminal;

/// <summary>Text from outside on its way to a terminal: it must neither steer it nor pass for our own.</summary>
internal static class TerminalText
{
    /// <summary>Safe on one line: control characters, line breaks and direction overrides become visible escapes.</summary>
    public static string Clean(string? text) => Clean(text, keepLayout: false);

    /// <summary>Safe on several lines: the same, but line breaks and tabs stay.</summary>
    public static string CleanLines(string? text) => Clean(text, keepLayout: true);

    /// <summary>Safe on one line and inside Spectre's markup.</summary>
    public static string Escape(string? text) => Markup.Escape(Clean(text));

    private static string Clean(string? text, bool keepLayout)
    {
        if (string.IsNullOrEmpty(text))
            return "";

        StringBuilder? cleaned = null;
        for (var i = 0; i < text.Length; i++)
        {
            var character = text[i];
            if (IsSafe(text, i) || (keepLayout && character is '\n' or '\t'))
            {
                cleaned?.Append(character);
                continue;
            }

            cleaned ??= new StringBuilder(text, 0, i, text.Length + 16);
            cleaned.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
        }

        return cleaned?.ToString() ?? text;
    }

    private static bool IsSafe(string text, int index) =>
        char.GetUnicodeCategory(text[index]) switch
        {
            // C0 and C1, among them ESC and the one-character CSI.
            UnicodeCategory.Control => false,
            // Direction overrides and invisible joiners, which make text read as something else.
            UnicodeCategory.Format => false,
            UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => false,
            UnicodeCategory.Surrogate => char.IsHighSurrogate(text[index])
                ? index + 1 < text.Length && char.IsLowSurrogate(text[index + 1])
                : index > 0 && char.IsHighSurrogate(text[index - 1]),
            _ => true,
        };
}
