using System.Net.Sockets;
using System.Text;

namespace Hookstream.EndToEnd.Tests.Protection;

/// <summary>A connection that sends what no HTTP client would, as slowly as it likes.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly TcpClient _client = new();

    private NetworkStream Stream => _client.GetStream();

    public static async Task<RawClient> ConnectAsync(Uri server)
    {
        var raw = new RawClient();
        await raw._client.ConnectAsync(server.Host, server.Port, TestContext.Current.CancellationToken);
        return raw;
    }

    public async Task SendAsync(string text) =>
        await Stream.WriteAsync(Encoding.Latin1.GetBytes(text), TestContext.Current.CancellationToken);

    /// <summary>Sends a byte at a time until the server has had enough of it.</summary>
    public async Task TrickleAsync(TimeSpan interval, CancellationToken stopping)
    {
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                await SendAsync("x");
                await Task.Delay(interval, stopping);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The server has closed the connection, which is what the test waits for; or the test is over.
        }
    }

    /// <summary>Everything that the server sends until it closes the connection.</summary>
    public async Task<string> ReadToEndAsync(TimeSpan deadline)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(deadline);
        var received = new StringBuilder();
        var buffer = new byte[4_096];
        try
        {
            while (await Stream.ReadAsync(buffer, timeout.Token) is > 0 and var read)
                received.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }
        catch (IOException)
        {
            // Reset: closed, too.
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"the server kept the connection for {deadline}; it sent '{received}'");
        }

        return received.ToString();
    }

    public void Dispose() => _client.Dispose();
}
