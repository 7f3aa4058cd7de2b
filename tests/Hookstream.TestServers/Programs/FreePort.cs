using System.Net;
using System.Net.Sockets;

namespace Hookstream.TestServers.Programs;

/// <summary>Ports for servers that cannot choose one themselves.</summary>
public static class FreePort
{
    /// <summary>A loopback port that nothing listens on; it stays free unless somebody takes it in between.</summary>
    public static int Find()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
