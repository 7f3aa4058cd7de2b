using System.Globalization;

namespace Hookstream.Delivery.Dispatching;

/// <summary>
/// A duration in milliseconds, to the thousandth, written as the shortest text that is read as the same double. With so few digits that
/// is the number of thousandths with a point in it, which takes a fraction of the time that a double does.
/// </summary>
internal readonly struct Milliseconds(TimeSpan duration) : IUtf8SpanFormattable
{
    // Thousandths of what is less are exact in a double.
    private const double End = 1e12;

    public double Value { get; } = Math.Round(duration.TotalMilliseconds, 3);

    public bool TryFormat(Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        if (double.IsNegative(Value) || Value >= End)
            return Value.TryFormat(utf8Destination, out bytesWritten, format, CultureInfo.InvariantCulture);
        var (whole, rest) = Math.DivRem((long)Math.Round(Value * 1000), 1000);
        if (!whole.TryFormat(utf8Destination, out bytesWritten, default, CultureInfo.InvariantCulture))
            return false;
        if (rest == 0)
            return true;
        if (utf8Destination.Length < bytesWritten + 4)
            return false;
        utf8Destination[bytesWritten++] = (byte)'.';
        for (var place = 100; rest > 0; place /= 10)
        {
            utf8Destination[bytesWritten++] = (byte)('0' + (rest / place));
            rest %= place;
        }

        return true;
    }
}
