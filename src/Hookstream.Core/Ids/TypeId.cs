using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Hookstream.Core.Ids;

/// <summary>
/// Formats and parses ids of the form <c>evt_01h455vb4pex5vsknk084sn02q</c>: a prefix, an underscore and 26 characters of
/// lower-case Crockford base32 that hold the 128 bits of a UUIDv7, most significant bit first.
/// </summary>
/// <remarks>Source of the format: the TypeID specification, version 0.3 (https://github.com/jetify-com/typeid).</remarks>
public static class TypeId
{
    private const int SuffixLength = 26;

    private static ReadOnlySpan<byte> Alphabet => "0123456789abcdefghjkmnpqrstvwxyz"u8;

    private static ReadOnlySpan<sbyte> Values =>
    [
        -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
        -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, -1, -1, -1, -1, -1, -1,
        -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
        -1, 10, 11, 12, 13, 14, 15, 16, 17, -1, 18, 19, -1, 20, 21, -1, 22, 23, 24, 25, 26, -1, 27, 28, 29, 30, 31, -1, -1, -1, -1, -1,
    ];

    // Two characters for each ten bits: one after the other takes twice as long.
    private static readonly ushort[] Pairs = EveryPair();

    /// <summary>Writes <paramref name="value"/> as <c>prefix_suffix</c>.</summary>
    public static string Format(string prefix, Guid value) =>
        string.Create(prefix.Length + 1 + SuffixLength, (prefix, value), static (span, state) =>
        {
            Span<byte> utf8 = stackalloc byte[span.Length];
            TryFormat(state.prefix, state.value, utf8, out _);
            Ascii.ToUtf16(utf8, span, out _);
        });

    /// <summary>Writes <paramref name="value"/> as <c>prefix_suffix</c>; false when there is no room for it.</summary>
    public static bool TryFormat(string prefix, Guid value, Span<byte> utf8, out int written)
    {
        written = prefix.Length + 1 + SuffixLength;
        if (utf8.Length < written)
        {
            written = 0;
            return false;
        }

        Ascii.FromUtf16(prefix, utf8, out _);
        utf8[prefix.Length] = (byte)'_';
        Encode(value, utf8[(prefix.Length + 1)..]);
        return true;
    }

    /// <summary>Reads <c>prefix_suffix</c>. False for another prefix, length, alphabet or an overflowing suffix.</summary>
    public static bool TryParse(string prefix, ReadOnlySpan<char> text, out Guid value)
    {
        value = default;
        if (text.Length != prefix.Length + 1 + SuffixLength
            || !text.StartsWith(prefix, StringComparison.Ordinal)
            || text[prefix.Length] != '_')
            return false;

        UInt128 bits = 0;
        var suffix = text[(prefix.Length + 1)..];
        // 26 characters hold 130 bits: a first one above 7 would overflow the 128 of a UUID.
        if (suffix[0] > '7')
            return false;
        foreach (var character in suffix)
        {
            var digit = character < 128 ? Values[character] : -1;
            if (digit < 0)
                return false;
            bits = (bits << 5) | (uint)digit;
        }

        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, bits);
        value = new Guid(bytes, bigEndian: true);
        return true;
    }

    private static void Encode(Guid value, Span<byte> destination)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        var high = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        var low = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        // 8 bits, 60 and 60.
        EncodePair(high >> 56, destination);
        EncodeSixPairs((high << 4) | (low >> 60), destination.Slice(2, 12));
        EncodeSixPairs(low, destination.Slice(14, 12));
    }

    private static void EncodeSixPairs(ulong bits, Span<byte> destination)
    {
        EncodePair(bits >> 50, destination);
        EncodePair(bits >> 40, destination[2..]);
        EncodePair(bits >> 30, destination[4..]);
        EncodePair(bits >> 20, destination[6..]);
        EncodePair(bits >> 10, destination[8..]);
        EncodePair(bits, destination[10..]);
    }

    private static void EncodePair(ulong bits, Span<byte> destination) =>
        MemoryMarshal.Write(destination, Pairs[bits & 1023]);

    private static ushort[] EveryPair()
    {
        var pairs = new ushort[32 * 32];
        for (var i = 0; i < pairs.Length; i++)
            pairs[i] = MemoryMarshal.Read<ushort>([Alphabet[i >> 5], Alphabet[i & 31]]);
        return pairs;
    }
}
