using System.Net;

namespace Hookstream.Delivery.Sending;

/// <summary>The operating system's resolver.</summary>
internal sealed class SystemNameResolver : INameResolver
{
    // It blocks its thread for as long as a name server keeps silent, and cannot be called off. On a thread of its own that
    // costs one look-up per connection some microseconds; on those of the pool, a few such names would hold up everybody.
    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellation) =>
        Task.Factory.StartNew(
            static name => Dns.GetHostAddresses((string)name!),
            host,
            cancellation,
            TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach,
            TaskScheduler.Default).WaitAsync(cancellation);
}
