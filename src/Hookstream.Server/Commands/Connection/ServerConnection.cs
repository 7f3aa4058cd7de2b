using Hookstream.Client;

namespace Hookstream.Server.Commands.Connection;

/// <summary>A client of one server, with its address and token for messages.</summary>
internal sealed class ServerConnection : IDisposable
{
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(150);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http;

    public ServerConnection(Uri address, AccessToken token, string? tenant)
    {
        Address = address;
        Token = token;
        // Longer than the longest delivery timeout, because `subscribers test` waits for the endpoint.
        _http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = ConnectTimeout, UseCookies = false })
        {
            BaseAddress = address,
            Timeout = RequestTimeout,
        };
        Client = new HookstreamClient(_http, token.Value, tenant);
    }

    public Uri Address { get; }

    public AccessToken Token { get; }

    public HookstreamClient Client { get; }

    public void Dispose() => _http.Dispose();
}
