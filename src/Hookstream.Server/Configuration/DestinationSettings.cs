using System.Globalization;
using System.Net;
using Hookstream.Core.Addresses;

namespace Hookstream.Server.Configuration;

/// <summary>Reads where deliveries may go.</summary>
internal static class DestinationSettings
{
    private const string Networks = "HOOKSTREAM_ALLOWED_NETWORKS";
    private const string Ports = "HOOKSTREAM_ALLOWED_PORTS";

    public static DestinationRules Read(SettingsReader reader) => new()
    {
        HttpsOnly = reader.Flag("HOOKSTREAM_HTTPS_ONLY"),
        AllowedPorts = reader.Parsed(Ports, ParsePorts, "port numbers from 1 to 65535 separated by commas, such as 443,8443"),
        Addresses = ReadNetworks(reader),
    };

    // Unset on a machine that nobody else talks to, a receiver beside the server works: the first thing that a person tries.
    private static AddressGuard ReadNetworks(SettingsReader reader)
    {
        if (reader.RawText(Networks) is not { } text)
            return ListensOnLoopback(reader.Text("HOOKSTREAM_HOST")) ? AddressGuard.WithLoopback : AddressGuard.PublicOnly;
        if (string.IsNullOrWhiteSpace(text))
            return AddressGuard.PublicOnly;
        var networks = reader.Parsed(
            Networks, text, ParseNetworks, "networks as address/bits separated by commas, such as 10.1.0.0/16,fd00:1::/64; empty for none");
        return networks is null ? AddressGuard.PublicOnly : new AddressGuard([.. networks]);
    }

    private static bool ListensOnLoopback(string? host) =>
        host is null or "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    private static List<AddressRange>? ParseNetworks(string text)
    {
        var networks = new List<AddressRange>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!AddressRange.TryParse(part, out var network))
                return null;
            networks.Add(network);
        }

        return networks;
    }

    private static SortedSet<int>? ParsePorts(string text)
    {
        var ports = new SortedSet<int>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65_535)
                return null;
            ports.Add(port);
        }

        return ports;
    }
}
