using System.Net;

namespace Hookstream.Delivery.Sending;

/// <summary>Looks up the addresses of an endpoint's host; tests have one of their own.</summary>
internal interface INameResolver
{
    /// <exception cref="System.Net.Sockets.SocketException">There is no such name, or nobody who could tell.</exception>
    Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellation);
}
