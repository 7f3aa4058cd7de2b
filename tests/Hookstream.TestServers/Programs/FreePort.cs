using System.Net;
using System.Net.Sockets;

namespace Hookstream.TestServers.Programs;

/// <summary>Ports for servers that cannot choose one themselves, or that keep theirs over a restart.</summary>
public static class FreePort
{
    // Below those that Linux (from 32768) and others hand out by themselves: a connection, or a receiver on port 0, would take one
    // in the second until its server listens, or while that is started again.
    private const int First = 12_000;
    private const int Last = 32_000;

    private static readonly List<Socket> Reservations = [];

    /// <summary>
    /// A loopback port that nothing listens on, and that no test gets again while this process lives, whichever assembly or run it
    /// is in.
    /// </summary>
    public static int Find()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, Last);
            // The UDP port of the same number, which no server uses, stands for the reservation: it goes with this process.
            if (TryBind(port, SocketType.Dgram, ProtocolType.Udp) is not { } reservation)
                continue;
            using var listener = TryBind(port, SocketType.Stream, ProtocolType.Tcp);
            if (listener is null)
            {
                reservation.Dispose();
                continue;
            }

            lock (Reservations)
                Reservations.Add(reservation);
            return port;
        }
    }

    private static Socket? TryBind(int port, SocketType type, ProtocolType protocol)
    {
        var socket = new Socket(AddressFamily.InterNetwork, type, protocol);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }
}
