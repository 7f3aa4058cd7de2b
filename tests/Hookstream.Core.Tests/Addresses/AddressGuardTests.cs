using System.Net;
using System.Net.Sockets;
using CsCheck;
using Hookstream.Core.Addresses;

namespace Hookstream.Core.Tests.Addresses;

public sealed class AddressGuardTests
{
    /// <summary>What may not be reached, and the addresses right below and above, where those may.</summary>
    public static readonly TheoryData<string, string?, string?> Forbidden = new()
    {
        { "0.0.0.0/8", null, "1.0.0.0" },
        { "10.0.0.0/8", "9.255.255.255", "11.0.0.0" },
        { "100.64.0.0/10", "100.63.255.255", "100.128.0.0" },
        { "127.0.0.0/8", "126.255.255.255", "128.0.0.0" },
        { "168.63.129.16/32", "168.63.129.15", "168.63.129.17" },
        { "169.254.0.0/16", "169.253.255.255", "169.255.0.0" },
        { "172.16.0.0/12", "172.15.255.255", "172.32.0.0" },
        { "192.0.0.0/24", "191.255.255.255", "192.0.1.0" },
        { "192.0.2.0/24", "192.0.1.255", "192.0.3.0" },
        { "192.88.99.0/24", "192.88.98.255", "192.88.100.0" },
        { "192.168.0.0/16", "192.167.255.255", "192.169.0.0" },
        { "198.18.0.0/15", "198.17.255.255", "198.20.0.0" },
        { "198.51.100.0/24", "198.51.99.255", "198.51.101.0" },
        { "203.0.113.0/24", "203.0.112.255", "203.0.114.0" },
        { "224.0.0.0/4", "223.255.255.255", null },
        { "240.0.0.0/4", null, null },
        { "::/128", null, null },
        { "::1/128", null, null },
        { "::/96", null, null },
        { "::ffff:0:0/96", null, null },
        { "::ffff:0:0:0/96", null, null },
        { "64:ff9b::/96", null, null },
        { "64:ff9b:1::/48", null, null },
        { "100::/64", null, null },
        { "1000::/4", null, "2000::" },
        { "2001::/23", "2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2001:200::" },
        { "2001::/32", null, null },
        { "2001:2::/48", null, null },
        { "2001:10::/28", null, null },
        { "2001:20::/28", null, null },
        { "2001:db8::/32", "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db9::" },
        { "2002::/16", "2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2003::" },
        { "3fff::/20", "3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "3fff:1000::" },
        { "4000::/2", "3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", null },
        { "5f00::/16", null, null },
        { "8000::/1", null, null },
        { "fc00::/7", null, null },
        { "fd00:ec2::254/128", null, null },
        { "fe80::/10", null, null },
        { "fec0::/10", null, null },
        { "ff00::/8", null, null },
    };

    /// <summary>Prefixes of addresses that lead to an IPv4 address, and where in them it is.</summary>
    public static readonly TheoryData<string, int> Embedding = new()
    {
        { "::/96", 12 }, { "::ffff:0:0/96", 12 }, { "::ffff:0:0:0/96", 12 }, { "64:ff9b::/96", 12 }, { "2002::/16", 2 },
    };

    private static readonly Gen<byte[]> AnyV4 = Gen.Byte.Array[4];
    private static readonly Gen<byte[]> AnyV6 = Gen.Byte.Array[16];

    [Theory]
    [MemberData(nameof(Forbidden))]
    public void Address_of_a_forbidden_range_is_refused_and_its_neighbours_are_not(string range, string? below, string? above)
    {
        var network = IPNetwork.Parse(range);
        Addresses(network).Sample(address => !AddressGuard.PublicOnly.Allows(address), iter: 500);
        AddressGuard.PublicOnly.Allows(network.BaseAddress).ShouldBeFalse();
        AddressGuard.PublicOnly.Allows(LastOf(network)).ShouldBeFalse();
        foreach (var neighbour in new[] { below, above })
        {
            if (neighbour is not null)
                AddressGuard.PublicOnly.Allows(IPAddress.Parse(neighbour)).ShouldBeTrue(neighbour);
        }
    }

    [Theory]
    [MemberData(nameof(Forbidden))]
    public void Opened_range_may_be_reached_and_nothing_else_by_it(string range, string? below, string? above)
    {
        _ = (below, above);
        var network = IPNetwork.Parse(range);
        var guard = new AddressGuard(AddressRange.Parse(range));
        // What embeds an IPv4 address is judged by that, too.
        if (network.BaseAddress.AddressFamily == AddressFamily.InterNetwork)
            Addresses(network).Sample(guard.Allows, iter: 100);
        AnyV4.Select(bytes => new IPAddress(bytes)).Sample(
            address => Contains(network, address) || guard.Allows(address) == AddressGuard.PublicOnly.Allows(address));
        AnyV6.Select(bytes => new IPAddress(bytes)).Sample(
            address => Contains(network, address) || guard.Allows(address) == AddressGuard.PublicOnly.Allows(address));
    }

    [Theory]
    [MemberData(nameof(Embedding))]
    public void Address_that_embeds_another_is_refused_and_where_opened_judged_by_that(string prefix, int at)
    {
        var network = IPNetwork.Parse(prefix);
        var opened = new AddressGuard(AddressRange.Parse(prefix));
        AnyV4.Sample(v4 =>
        {
            var bytes = network.BaseAddress.GetAddressBytes();
            v4.CopyTo(bytes, at);
            var address = new IPAddress(bytes);
            var embedded = new IPAddress(v4);
            return !AddressGuard.PublicOnly.Allows(address)
                && (opened.Allows(address) == AddressGuard.PublicOnly.Allows(embedded) || address.Equals(IPAddress.IPv6Loopback));
        });
        var loopback = network.BaseAddress.GetAddressBytes();
        IPAddress.Loopback.GetAddressBytes().CopyTo(loopback, at);
        opened.Allows(new IPAddress(loopback)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("2001:0:4136:e378:8000:63bf:80ff:fffe")] // Teredo, whose client is 127.0.0.1, inverted
    [InlineData("2a00:1450::5efe:7f00:1")] // ISATAP in somebody's prefix
    [InlineData("2a00:1450::200:5efe:a9fe:a9fe")]
    public void Tunnel_to_a_private_address_is_refused_even_where_it_is_opened(string text)
    {
        var address = IPAddress.Parse(text);
        AddressGuard.PublicOnly.Allows(address).ShouldBeFalse();
        new AddressGuard(AddressRange.Parse("::/0")).Allows(address).ShouldBeFalse();
    }

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("8.8.8.8")]
    [InlineData("93.184.216.34")]
    [InlineData("223.255.255.254")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("2a00:1450:4001:81b::200e")]
    [InlineData("2400:cb00::1")]
    public void Public_address_may_be_reached(string address) =>
        AddressGuard.PublicOnly.Allows(IPAddress.Parse(address)).ShouldBeTrue();

    [Fact]
    public void Loopback_is_open_where_it_was_opened()
    {
        foreach (var address in new[] { "127.0.0.1", "127.255.255.254", "::1" })
            AddressGuard.WithLoopback.Allows(IPAddress.Parse(address)).ShouldBeTrue(address);
        foreach (var address in new[] { "10.0.0.1", "::ffff:127.0.0.1", "::127.0.0.1", "0.0.0.0", "::" })
            AddressGuard.WithLoopback.Allows(IPAddress.Parse(address)).ShouldBeFalse(address);
    }

    [Fact]
    public void Zone_changes_nothing()
    {
        AddressGuard.PublicOnly.Allows(IPAddress.Parse("fe80::1%1")).ShouldBeFalse();
        AddressGuard.PublicOnly.Allows(IPAddress.Parse("::1%1")).ShouldBeFalse();
        new AddressGuard(AddressRange.Parse("fe80::/10")).Allows(IPAddress.Parse("fe80::1%1")).ShouldBeTrue();
    }

    // The range's bits, by hand: the platform's type takes IPv4-mapped addresses for IPv4 ones.
    private static bool Contains(IPNetwork network, IPAddress address) =>
        address.AddressFamily == network.BaseAddress.AddressFamily && Within(network, address.GetAddressBytes()).Equals(address);

    private static Gen<IPAddress> Addresses(IPNetwork network)
    {
        var start = network.BaseAddress.GetAddressBytes();
        return (start.Length == 4 ? AnyV4 : AnyV6).Select(bytes => Within(network, bytes));
    }

    private static IPAddress LastOf(IPNetwork network) =>
        Within(network, [.. Enumerable.Repeat((byte)0xff, network.BaseAddress.GetAddressBytes().Length)]);

    // The network's bits, and behind them those given.
    private static IPAddress Within(IPNetwork network, byte[] bits)
    {
        var bytes = network.BaseAddress.GetAddressBytes();
        for (var bit = network.PrefixLength; bit < bytes.Length * 8; bit++)
            bytes[bit / 8] |= (byte)(bits[bit / 8] & (0x80 >> (bit % 8)));
        return new IPAddress(bytes);
    }
}
