using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Hookstream.Delivery.Tests.Hostile;

/// <summary>Accepts connections, does on each what it is told, and counts.</summary>
internal sealed class HostileReceiver : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<Task> _connections = new();
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly Func<HostileConnection, Task> _script;
    private readonly Task _accepting;
    private volatile bool _busy;
    private long _written;
    private int _accepted;

    public HostileReceiver(Func<HostileConnection, Task> script)
    {
        _script = script;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Connections => Volatile.Read(ref _accepted);

    /// <summary>The heads of the requests that were read whole.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    public long Written => Interlocked.Read(ref _written);

    /// <summary>Waits until the receiver has done what it does to one request, and waits for the next or has ended.</summary>
    public Task AtRestAsync() => Eventually.HoldsAsync(() => !_busy, "the receiver has nothing more to do");

    public void Rest() => _busy = false;

    public void CountRequest(string head)
    {
        _busy = true;
        _requests.Enqueue(head);
    }

    public void CountWritten(int bytes) => Interlocked.Add(ref _written, bytes);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_connections);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var socket = await _listener.AcceptSocketAsync(_stopping.Token);
            Interlocked.Increment(ref _accepted);
            _busy = true;
            _connections.Enqueue(ServeAsync(socket));
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        socket.NoDelay = true;
        try
        {
            await using var connection = new HostileConnection(socket, this, _stopping.Token);
            await _script(connection);
        }
        catch (Exception exception) when (exception
            is IOException or OperationCanceledException or SocketException or ObjectDisposedException or AuthenticationException)
        {
            // The sender had enough of it, which is what is wanted.
            socket.Close();
        }

        socket.Dispose();
        Rest();
    }
}
