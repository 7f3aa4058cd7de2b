using System.Globalization;

namespace Hookstream.Api.Json;

/// <summary>Times as the API reads and writes them.</summary>
/// <remarks>Source of the format: RFC 3339, section 5.6.</remarks>
internal static class Rfc3339
{
    public const string Accepted = "an RFC 3339 time such as 2026-01-01T00:00:00.000Z (in a query, write '+' as %2B)";

    /// <summary>Length of what <see cref="Format(DateTimeOffset)"/> writes.</summary>
    public const int FormattedLength = 24;

    private const string OutputFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public static string Format(DateTimeOffset time) =>
        time.UtcDateTime.ToString(OutputFormat, CultureInfo.InvariantCulture);

    public static bool TryFormat(DateTimeOffset time, Span<byte> destination, out int written) =>
        time.UtcDateTime.TryFormat(destination, out written, OutputFormat, CultureInfo.InvariantCulture);

    /// <summary>Parses a time and turns it into UTC; any fraction of a second, and any offset, is accepted.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out DateTimeOffset time)
    {
        time = default;
        if (!HasShape(text, out var fractionEnd))
            return false;

        // The framework's parsers take seven digits of a fraction at most; more are legal, and finer than a tick.
        Span<char> trimmed = stackalloc char[33];
        if (text.Length > 64)
            return false;
        var head = text[..Math.Min(fractionEnd, 27)];
        var tail = text[fractionEnd..];
        head.CopyTo(trimmed);
        tail.CopyTo(trimmed[head.Length..]);
        trimmed[10] = 'T';
        if (tail.Length == 1)
            trimmed[head.Length] = 'Z';

        return DateTimeOffset.TryParseExact(
            trimmed[..(head.Length + tail.Length)],
            "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
            CultureInfo.InvariantCulture,
            DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal,
            out time);
    }

    private static bool HasShape(ReadOnlySpan<char> text, out int fractionEnd)
    {
        const string Pattern = "0000-00-00T00:00:00";
        fractionEnd = Pattern.Length;
        if (text.Length <= Pattern.Length)
            return false;
        for (var i = 0; i < Pattern.Length; i++)
        {
            var fits = Pattern[i] switch
            {
                '0' => char.IsAsciiDigit(text[i]),
                'T' => text[i] is 'T' or 't',
                var literal => text[i] == literal,
            };
            if (!fits)
                return false;
        }

        if (text[fractionEnd] == '.')
        {
            var digits = text[(fractionEnd + 1)..].IndexOfAnyExceptInRange('0', '9');
            if (digits < 1)
                return false;
            fractionEnd += 1 + digits;
        }

        return text[fractionEnd..] switch
        {
            ['Z' or 'z'] => true,
            ['+' or '-', >= '0' and <= '9', >= '0' and <= '9', ':', >= '0' and <= '5', >= '0' and <= '9'] => true,
            _ => false,
        };
    }
}
