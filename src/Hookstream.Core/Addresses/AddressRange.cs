using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Hookstream.Core.Addresses;

/// <summary>
/// The addresses that begin with the same bits. Unlike <see cref="IPNetwork"/>, which takes an IPv4-mapped address for the bits
/// of its IPv4 address even in an IPv6 network, an address is in here as it stands; and one spelling is accepted.
/// </summary>
public readonly record struct AddressRange
{
    private readonly UInt128 _first;
    private readonly UInt128 _mask;
    private readonly AddressFamily _family;
    private readonly int _bits;

    private AddressRange(AddressFamily family, UInt128 first, int bits)
    {
        _family = family;
        _first = first;
        _bits = bits;
        _mask = bits == 0 ? UInt128.Zero : UInt128.MaxValue << (WidthOf(family) - bits);
    }

    /// <summary>Reads <c>address/bits</c>; the bits behind those have to be zero.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    public static AddressRange Parse(string text) =>
        TryParse(text, out var range) ? range : throw new FormatException($"'{text}' is not a range of addresses");

    /// <summary>Reads <c>address/bits</c>; the bits behind those have to be zero.</summary>
    public static bool TryParse(string text, out AddressRange range)
    {
        range = default;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0
            || !IPAddress.TryParse(text.AsSpan(0, slash), out var address)
            || !int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var bits)
            || bits > WidthOf(address.AddressFamily))
            return false;
        // 10/8 and 010.0.0.0/8 would be 0.0.0.10 and 8.0.0.0.
        if (address.AddressFamily == AddressFamily.InterNetwork && address.ToString() != text[..slash])
            return false;
        if (text.Contains('%', StringComparison.Ordinal))
            return false;
        range = new AddressRange(address.AddressFamily, BitsOf(address), bits);
        return (range._first & ~range._mask) == 0;
    }

    /// <summary>Whether the address is one of these; a zone does not matter.</summary>
    public bool Contains(IPAddress address) => address.AddressFamily == _family && (BitsOf(address) & _mask) == _first;

    /// <summary><c>address/bits</c></summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, _first);
        var address = new IPAddress(_family == AddressFamily.InterNetwork ? bytes[12..] : bytes);
        return string.Create(CultureInfo.InvariantCulture, $"{address}/{_bits}");
    }

    private static int WidthOf(AddressFamily family) => family == AddressFamily.InterNetwork ? 32 : 128;

    private static UInt128 BitsOf(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        address.TryWriteBytes(address.AddressFamily == AddressFamily.InterNetwork ? bytes[12..] : bytes, out _);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }
}
