using System.Net;

namespace Hookstream.Core.Addresses;

/// <summary>Tells which addresses deliveries may reach: the public ones, and those that the operator opened.</summary>
/// <param name="opened">Networks that may be reached although they are not public.</param>
public sealed class AddressGuard(params IReadOnlyCollection<AddressRange> opened)
{
    /// <summary>Nothing but public addresses.</summary>
    public static AddressGuard PublicOnly { get; } = new();

    /// <summary>Public addresses, and this machine's own by loopback.</summary>
    public static AddressGuard WithLoopback { get; } = new(AddressRange.Parse("127.0.0.0/8"), AddressRange.Parse("::1/128"));

    /// <summary>The networks that are open although they are not public.</summary>
    public IReadOnlyCollection<AddressRange> Opened => opened;

    /// <summary>Whether a connection may be made to this address.</summary>
    public bool Allows(IPAddress address)
    {
        if (!ForbiddenRanges.Contain(address))
            return true;
        foreach (var network in opened)
        {
            // Whoever opens NAT64 for the public endpoints behind it has not opened the private ones behind it.
            if (network.Contains(address))
                return EmbeddedAddress.Of(address) is not { } embedded || Allows(embedded);
        }

        return false;
    }

    /// <summary>
    /// Whether a host may be delivered to as far as it tells by itself: a literal is judged, a name only where it always means
    /// loopback.
    /// </summary>
    public bool Allows(EndpointHost host)
    {
        if (host.Address is { } address)
            return Allows(address);
        return !host.IsMalformed
            && (!host.IsLoopbackName || Allows(IPAddress.Loopback) || Allows(IPAddress.IPv6Loopback));
    }
}
