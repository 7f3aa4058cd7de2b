using System.Net;
using System.Net.Sockets;

namespace Hookstream.TestServers.Programs;

/// <summary>Ports for servers that cannot choose one themselves, or come back on the one they had.</summary>
public static class FreePort
{
    // Below those that systems give to connections and to listeners that ask for any (Linux: from 32768): of these, thousands come and
    // go while the tests run, and one of them may be this one as soon as nobody holds it.
    private const int First = 10_000;
    private const int End = 32_000;

    /// <summary>A loopback port that nothing listens on.</summary>
    public static int Find()
    {
        int port;
        do
            port = Random.Shared.Next(First, End);
        while (!IsFree(port));
        return port;
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
    }
}
