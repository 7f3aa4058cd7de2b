using System.Net;
using System.Net.Sockets;

namespace Hookstream.Delivery.Tests.Receivers;

/// <summary>Listens and accepts nothing, with its queue full: who connects gets no answer at all, as from behind a firewall.</summary>
internal sealed class DeafListener : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _waiting = [];

    public DeafListener(IPAddress address, int port)
    {
        var endpoint = new IPEndPoint(address, port);
        _listener.Bind(endpoint);
        _listener.Listen(0);
        // Until the queue is full, connections are made by the system without anybody accepting them.
        for (var connected = true; connected;)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
            _waiting.Add(socket);
            try
            {
                socket.Connect(endpoint);
            }
            catch (SocketException exception) when (exception.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
            {
                connected = socket.Poll(TimeSpan.FromMilliseconds(200), SelectMode.SelectWrite);
            }
        }
    }

    public void Dispose()
    {
        foreach (var socket in _waiting)
            socket.Dispose();
        _listener.Dispose();
    }
}
