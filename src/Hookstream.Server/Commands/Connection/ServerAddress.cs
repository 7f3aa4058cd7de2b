using System.Net;
using System.Net.Sockets;

namespace Hookstream.Server.Commands.Connection;

/// <summary>Finds the server that a command talks to.</summary>
internal static class ServerAddress
{
    private const string DefaultPort = "3000";

    public static Uri Resolve(CommandHost host, string? option) =>
        Parse(option, "--url") ?? Parse(host.Setting("HOOKSTREAM_URL"), "HOOKSTREAM_URL") ?? Local(host);

    /// <summary>The server of this machine, or this container, by the settings that tell it where to listen.</summary>
    public static Uri Local(CommandHost host)
    {
        var port = host.Setting("PORT") ?? DefaultPort;
        if (!ushort.TryParse(port, out var number) || number == 0)
            throw new CommandFailure($"PORT is '{port}'; accepted is a number from 1 to 65535");
        return new UriBuilder(Uri.UriSchemeHttp, Reachable(host.Setting("HOOKSTREAM_HOST")), number).Uri;
    }

    private static string Reachable(string? listensOn)
    {
        if (!IPAddress.TryParse(listensOn, out var address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
            return "127.0.0.1";
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();
    }

    private static Uri? Parse(string? text, string name)
    {
        if (text is null)
            return null;
        return Uri.TryCreate(text, UriKind.Absolute, out var url)
            && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
            ? url
            : throw new CommandFailure($"{name} is '{text}'; accepted is an address like http://127.0.0.1:3000", CommandLine.Usage);
    }
}
