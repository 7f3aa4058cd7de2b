using System.Globalization;
using System.Text;
using Hookstream.Core.Times;

namespace Hookstream.Delivery.Dispatching;

/// <summary>Puts together what is known to need no escaping in JSON, in room for all of it.</summary>
internal ref struct RawJson(Span<byte> room)
{
    private readonly Span<byte> _room = room;
    private int _length;

    public readonly ReadOnlySpan<byte> Written => _room[.._length];

    public void Clear() => _length = 0;

    public void Add(ReadOnlySpan<byte> text)
    {
        text.CopyTo(_room[_length..]);
        _length += text.Length;
    }

    public void Add<T>(ReadOnlySpan<byte> before, T value, ReadOnlySpan<byte> after)
        where T : IUtf8SpanFormattable
    {
        Add(before);
        value.TryFormat(_room[_length..], out var written, default, CultureInfo.InvariantCulture);
        _length += written;
        Add(after);
    }

    public void Add(ReadOnlySpan<byte> before, ReadOnlySpan<char> ascii, ReadOnlySpan<byte> after)
    {
        Add(before);
        Ascii.FromUtf16(ascii, _room[_length..], out var written);
        _length += written;
        Add(after);
    }

    /// <summary>In quotes.</summary>
    public void Add(DateTimeOffset time)
    {
        Add("\""u8);
        TimeText.Write(time, _room[_length..]);
        _length += TimeText.Length;
        Add("\""u8);
    }
}
