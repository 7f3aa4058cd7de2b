using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Hookstream.Delivery.Tests.Hostile;

/// <summary>A connection as a hostile receiver sees it: bytes, and every way to end it.</summary>
internal sealed class HostileConnection(Socket socket, HostileReceiver receiver, CancellationToken stopping) : IAsyncDisposable
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private Stream _stream = new NetworkStream(socket);
    private Stream _plain = Stream.Null;
    private int _length;
    private bool _asked;

    public CancellationToken Stopping => stopping;

    /// <summary>The name that the sender asked for in its TLS handshake.</summary>
    public string? ServerName { get; private set; }

    /// <summary>Goes on over TLS.</summary>
    public async Task HandshakeAsync(X509Certificate2 certificate, Action<SslServerAuthenticationOptions>? change = null)
    {
        var options = new SslServerAuthenticationOptions
        {
            // With the chain as it is: one that lacks something is to stay so.
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true),
        };
        change?.Invoke(options);
        var tls = new SslStream(_stream);
        _plain = _stream;
        _stream = tls;
        await tls.AuthenticateAsServerAsync(
            (_, hello, _, _) =>
            {
                ServerName = hello.ServerName;
                return ValueTask.FromResult(options);
            },
            null,
            stopping);
    }

    /// <summary>Goes on without TLS, in the middle of it.</summary>
    public void DropTls() => _stream = _plain;

    /// <summary>Reads a whole request.</summary>
    /// <returns>Its head; null when the sender closed the connection instead.</returns>
    public async Task<string?> ReadRequestAsync()
    {
        // The first request is on its way; before any other, everything that belongs to the one before is done.
        if (_asked)
            receiver.Rest();
        _asked = true;
        while (true)
        {
            var text = Encoding.Latin1.GetString(_buffer, 0, _length);
            if (text.IndexOf("\r\n\r\n", StringComparison.Ordinal) is >= 0 and var end)
            {
                var body = LengthOf(text) - (_length - end - 4);
                _length = 0;
                while (body > 0)
                {
                    var read = await _stream.ReadAsync(_buffer.AsMemory(0, Math.Min(body, _buffer.Length)), stopping);
                    if (read == 0)
                        return null;
                    body -= read;
                }

                receiver.CountRequest(text[..end]);
                return text[..end];
            }

            if (!await ReadSomeAsync())
                return null;
        }
    }

    /// <summary>Reads until the request holds this text; the rest stays unread.</summary>
    public async Task ReadUntilAsync(string text)
    {
        while (!Encoding.Latin1.GetString(_buffer, 0, _length).Contains(text, StringComparison.Ordinal))
        {
            if (!await ReadSomeAsync())
                throw new IOException("the sender closed the connection");
        }
    }

    /// <summary>Reads until the sender closes the connection, and throws away what comes.</summary>
    public async Task DrainAsync()
    {
        while (await _stream.ReadAsync(_buffer, stopping) > 0)
            receiver.Rest();
    }

    public Task WriteAsync(string text) => WriteAsync(Encoding.Latin1.GetBytes(text));

    public async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        await _stream.WriteAsync(bytes, stopping);
        receiver.CountWritten(bytes.Length);
    }

    /// <summary>Writes the same again and again, until the sender has had enough of it or there was as much as this.</summary>
    public async Task FloodAsync(string text, long bytes = long.MaxValue)
    {
        var block = Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat(text, Math.Max(1, 32 * 1024 / text.Length))));
        for (var written = 0L; written < bytes; written += block.Length)
            await WriteAsync(block.AsMemory(0, (int)Math.Min(block.Length, bytes - written)));
    }

    /// <summary>Writes the same again and again, slowly.</summary>
    public async Task TrickleAsync(string text)
    {
        while (true)
        {
            await WriteAsync(text);
            await Task.Delay(20, stopping);
        }
    }

    /// <summary>Does nothing any more.</summary>
    public Task HangAsync()
    {
        receiver.Rest();
        return Task.Delay(Timeout.Infinite, stopping);
    }

    /// <summary>Says that nothing more will come, and goes on reading.</summary>
    public void HalfClose() => socket.Shutdown(SocketShutdown.Send);

    /// <summary>Ends the connection with a reset.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private async Task<bool> ReadSomeAsync()
    {
        var read = await _stream.ReadAsync(_buffer.AsMemory(_length), stopping);
        _length += read;
        return read > 0;
    }

    private static int LengthOf(string head)
    {
        const string Name = "Content-Length: ";
        var at = head.IndexOf(Name, StringComparison.OrdinalIgnoreCase) + Name.Length;
        return int.Parse(head.AsSpan(at, head.IndexOf('\r', at) - at), null);
    }
}
