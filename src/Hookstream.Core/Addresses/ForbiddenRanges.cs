using System.Net;
using System.Net.Sockets;

namespace Hookstream.Core.Addresses;

/// <summary>The addresses that are not on the public internet, or lead back from it (IANA's special-purpose registries).</summary>
internal static class ForbiddenRanges
{
    private static readonly AddressRange[] V4 =
    [
        AddressRange.Parse("0.0.0.0/8"), // this network; Linux connects 0.0.0.0 to loopback
        AddressRange.Parse("10.0.0.0/8"), // private
        AddressRange.Parse("100.64.0.0/10"), // carrier-grade NAT; metadata of Alibaba Cloud
        AddressRange.Parse("127.0.0.0/8"), // loopback
        AddressRange.Parse("168.63.129.16/32"), // Azure's platform, under an address that looks public
        AddressRange.Parse("169.254.0.0/16"), // link-local; metadata of most clouds
        AddressRange.Parse("172.16.0.0/12"), // private
        AddressRange.Parse("192.0.0.0/24"), // protocol assignments; metadata of Oracle Cloud
        AddressRange.Parse("192.0.2.0/24"), // documentation
        AddressRange.Parse("192.88.99.0/24"), // 6to4 relays
        AddressRange.Parse("192.168.0.0/16"), // private
        AddressRange.Parse("198.18.0.0/15"), // benchmarking
        AddressRange.Parse("198.51.100.0/24"), // documentation
        AddressRange.Parse("203.0.113.0/24"), // documentation
        AddressRange.Parse("224.0.0.0/4"), // multicast
        AddressRange.Parse("240.0.0.0/4"), // reserved, and broadcast
    ];

    // Loopback, unspecified, IPv4-mapped, -compatible and -translated, NAT64, unique-local, link-local, site-local and
    // multicast are all outside; what is not assigned yet is nobody's endpoint.
    private static readonly AddressRange GlobalUnicast = AddressRange.Parse("2000::/3");

    private static readonly AddressRange[] V6 =
    [
        AddressRange.Parse("2001::/23"), // protocol assignments: Teredo, benchmarking, ORCHID
        AddressRange.Parse("2001:db8::/32"), // documentation
        AddressRange.Parse("2002::/16"), // 6to4
        AddressRange.Parse("3fff::/20"), // documentation
    ];

    public static bool Contain(IPAddress address) => address.AddressFamily switch
    {
        AddressFamily.InterNetwork => Any(V4, address),
        AddressFamily.InterNetworkV6 =>
            !GlobalUnicast.Contains(address) || Any(V6, address) || EmbeddedAddress.IsIsatap(address),
        _ => true,
    };

    private static bool Any(AddressRange[] ranges, IPAddress address)
    {
        foreach (var range in ranges)
        {
            if (range.Contains(address))
                return true;
        }

        return false;
    }
}
