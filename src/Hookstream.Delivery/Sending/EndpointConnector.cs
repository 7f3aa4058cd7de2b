using System.Net;
using System.Net.Sockets;

namespace Hookstream.Delivery.Sending;

/// <summary>
/// Makes the connections to endpoints: looks a name up once, vets every address of the answer, and connects to one of those.
/// Whatever a name is changed to between that and the next look-up, each connection is to an address that was vetted for it.
/// </summary>
internal sealed class EndpointConnector(INameResolver resolver, DestinationRules rules, ConnectionMetrics metrics)
{
    // For each address but the last, so that one that swallows packets leaves time for the next: a SYN and its first repeat.
    private static readonly TimeSpan PatiencePerAddress = TimeSpan.FromSeconds(2);

    /// <summary>A connection for the handler that asks for it.</summary>
    /// <exception cref="BlockedAddressException">It would leave what this deployment delivers to.</exception>
    /// <exception cref="SocketException">The name cannot be resolved, or none of its addresses be connected to.</exception>
    public ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation) =>
        CountAsync(ConnectVettedAsync(context, cancellation));

    /// <summary>A connection to the proxy, which is wherever the operator says.</summary>
    /// <exception cref="SocketException">It cannot be connected to.</exception>
    public ValueTask<Stream> ConnectToProxyAsync(SocketsHttpConnectionContext context, CancellationToken cancellation) =>
        CountAsync(ConnectUnvettedAsync(context, cancellation));

    private async ValueTask<Stream> CountAsync(ValueTask<Stream> connecting)
    {
        var opened = false;
        try
        {
            var stream = await connecting.ConfigureAwait(false);
            opened = true;
            return stream;
        }
        finally
        {
            metrics.Connected(opened);
        }
    }

    private static async ValueTask<Stream> ConnectUnvettedAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellation).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async ValueTask<Stream> ConnectVettedAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        Vet(context.InitialRequestMessage.RequestUri!);
        var target = context.DnsEndPoint;
        var addresses = EndpointHost.Read(target.Host).Address is { } literal
            ? [literal]
            : await resolver.ResolveAsync(target.Host, cancellation).ConfigureAwait(false);
        if (addresses.Length == 0)
            throw new SocketException((int)SocketError.HostNotFound);
        // Any: a name that leads to public and to private addresses is an attempt, or a mistake that would be hit at random.
        if (!Array.TrueForAll(addresses, rules.Addresses.Allows))
            throw new BlockedAddressException(DestinationFault.Address);
        return new NetworkStream(await ConnectAsync(addresses, target.Port, cancellation).ConfigureAwait(false), ownsSocket: true);
    }

    /// <summary>Judges what a URL tells by itself.</summary>
    /// <exception cref="BlockedAddressException">This deployment does not deliver there.</exception>
    public void Vet(Uri url)
    {
        if (rules.Find(url) is not DestinationFault.None and var fault)
            throw new BlockedAddressException(fault);
    }

    private static async Task<Socket> ConnectAsync(IPAddress[] addresses, int port, CancellationToken cancellation)
    {
        for (var index = 0; ; index++)
        {
            var isLast = index == addresses.Length - 1;
            using var patience = isLast ? null : CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            patience?.CancelAfter(PatiencePerAddress);
            try
            {
                return await ConnectAsync(new IPEndPoint(addresses[index], port), patience?.Token ?? cancellation)
                    .ConfigureAwait(false);
            }
            catch (Exception exception) when (
                !isLast && !cancellation.IsCancellationRequested && exception is SocketException or OperationCanceledException)
            {
                // The next one may answer; only what the last one says is told.
                continue;
            }
        }
    }

    private static async Task<Socket> ConnectAsync(IPEndPoint endpoint, CancellationToken cancellation)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endpoint, cancellation).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
