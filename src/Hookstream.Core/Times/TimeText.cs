using System.Globalization;

namespace Hookstream.Core.Times;

/// <summary>Times as webhooks and log lines have them, in UTF-8: UTC, to the millisecond, such as <c>2026-01-02T03:04:05.678Z</c>.</summary>
/// <remarks>Source of the format: RFC 3339, section 5.6.</remarks>
public static class TimeText
{
    /// <summary>How many bytes a time has.</summary>
    public const int Length = 24;

    /// <summary>How many bytes <see cref="Write"/> needs room for.</summary>
    public const int Room = 28;

    /// <summary>Writes a time to the beginning of <paramref name="utf8"/>; what is left of the millisecond is cut off.</summary>
    /// <exception cref="ArgumentException">There is less than <see cref="Room"/>.</exception>
    public static void Write(DateTimeOffset time, Span<byte> utf8)
    {
        // Has seven digits where this has three, and takes a quarter of the time that a pattern does.
        if (!time.UtcDateTime.TryFormat(utf8, out _, "O", CultureInfo.InvariantCulture))
            throw new ArgumentException("A time has no room.", nameof(utf8));
        utf8[Length - 1] = (byte)'Z';
    }
}
