using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Hookstream.Delivery.Sending;

namespace Hookstream.Delivery.Tests.Sending;

/// <summary>Gives the answers that the test wants, one after the other, the last one again and again.</summary>
internal sealed class FakeResolver(params string[] answers) : INameResolver
{
    private readonly ConcurrentQueue<string> _asked = new();

    /// <summary>The names that were looked up, in order.</summary>
    public IReadOnlyCollection<string> Asked => _asked;

    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellation)
    {
        _asked.Enqueue(host);
        var answer = answers[Math.Min(_asked.Count, answers.Length) - 1];
        return answer switch
        {
            "unknown" => Task.FromException<IPAddress[]>(new SocketException((int)SocketError.HostNotFound)),
            "" => Task.FromResult<IPAddress[]>([]),
            _ => Task.FromResult(answer.Split(' ').Select(IPAddress.Parse).ToArray()),
        };
    }
}
