using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Hookstream.Delivery.Tests.Receivers;

/// <summary>A bare socket that answers each request with given bytes, and then closes, resets or hangs.</summary>
internal sealed class SocketReceiver : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Func<NetworkStream, CancellationToken, Task> _answer;
    private readonly Task _accepting;

    public SocketReceiver(Func<NetworkStream, CancellationToken, Task> answer)
    {
        _answer = answer;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Url => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/hook");

    /// <summary>Answers with text and closes.</summary>
    public static SocketReceiver Answering(string response) =>
        new((stream, cancellation) => stream.WriteAsync(Encoding.Latin1.GetBytes(response), cancellation).AsTask());

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            var client = await _listener.AcceptTcpClientAsync(_stopping.Token);
            _ = ServeAsync(client);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                await ReadRequestAsync(stream);
                await _answer(stream, _stopping.Token);
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException)
            {
                // The sender gave up first, which is what some tests are about.
                client.Close();
            }
        }
    }

    private async Task ReadRequestAsync(NetworkStream stream)
    {
        var buffer = new byte[16 * 1024];
        var length = 0;
        while (true)
        {
            length += await stream.ReadAsync(buffer.AsMemory(length), _stopping.Token);
            var text = Encoding.Latin1.GetString(buffer, 0, length);
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end < 0)
                continue;
            const string Name = "Content-Length: ";
            var at = text.IndexOf(Name, StringComparison.OrdinalIgnoreCase) + Name.Length;
            var body = int.Parse(text.AsSpan(at, text.IndexOf('\r', at) - at), null);
            if (length >= end + 4 + body)
                return;
        }
    }
}
