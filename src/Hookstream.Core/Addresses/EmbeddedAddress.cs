using System.Net;
using System.Net.Sockets;

namespace Hookstream.Core.Addresses;

/// <summary>The IPv4 address that an IPv6 address leads to, where it is one of the kinds that embed one.</summary>
internal static class EmbeddedAddress
{
    private const int Length = 16;

    private static readonly AddressRange SixToFour = AddressRange.Parse("2002::/16"); // RFC 3056
    private static readonly AddressRange Teredo = AddressRange.Parse("2001::/32"); // RFC 4380

    // All of these end in it: IPv4-compatible and -mapped (RFC 4291), -translated (RFC 2765), NAT64 (RFC 6052, RFC 8215).
    private static readonly AddressRange[] InLastBytes =
    [
        AddressRange.Parse("::/96"),
        AddressRange.Parse("::ffff:0:0/96"),
        AddressRange.Parse("::ffff:0:0:0/96"),
        AddressRange.Parse("64:ff9b::/96"),
        AddressRange.Parse("64:ff9b:1::/48"),
    ];

    /// <summary>The embedded address; null when there is none.</summary>
    public static IPAddress? Of(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6
            || address.Equals(IPAddress.IPv6Loopback) || address.Equals(IPAddress.IPv6Any))
            return null;
        Span<byte> bytes = stackalloc byte[Length];
        address.TryWriteBytes(bytes, out _);
        if (SixToFour.Contains(address))
            return new IPAddress(bytes[2..6]);
        if (Teredo.Contains(address))
        {
            // The client's, which is written inverted.
            foreach (ref var part in bytes[12..])
                part = (byte)~part;
            return new IPAddress(bytes[12..]);
        }

        return Array.Exists(InLastBytes, network => network.Contains(address)) || IsIsatap(address)
            ? new IPAddress(bytes[12..])
            : null;
    }

    /// <summary>Whether the address has an interface identifier of ISATAP (RFC 5214), whatever its prefix.</summary>
    public static bool IsIsatap(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[Length];
        return address.TryWriteBytes(bytes, out var length) && length == Length
            && (bytes[8] & ~0x02) == 0 && bytes[9] == 0 && bytes[10] == 0x5e && bytes[11] == 0xfe;
    }
}
