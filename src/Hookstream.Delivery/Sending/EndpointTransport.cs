using System.Net;

namespace Hookstream.Delivery.Sending;

/// <summary>The one pool of connections to endpoints.</summary>
internal sealed class EndpointTransport : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    // Node receivers close idle connections after 5 s; a request sent on one just then is lost and cannot be repeated.
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(4);

    // So that a changed DNS record is noticed.
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(3);

    private readonly EndpointConnector _connector;
    private readonly HttpMessageInvoker _invoker;
    private readonly ConnectionMetrics _metrics;
    private readonly bool _throughProxy;

    public EndpointTransport(DeliveryOptions options, INameResolver resolver, ConnectionMetrics metrics)
    {
        _connector = new EndpointConnector(resolver, options.Destinations, metrics);
        _metrics = metrics;
        _throughProxy = options.EgressProxy is not null;
        _invoker = new HttpMessageInvoker(CreateHandler(options), disposeHandler: true);
    }

    /// <exception cref="BlockedAddressException">This deployment does not deliver there; or inside another exception.</exception>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        // A proxy's connections are used for all endpoints, so what is asked of it is vetted with each request.
        if (_throughProxy)
            _connector.Vet(request.RequestUri!);
        _metrics.Requested();
        return _invoker.SendAsync(request, cancellation);
    }

    public void Dispose() => _invoker.Dispose();

    private SocketsHttpHandler CreateHandler(DeliveryOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            ActivityHeadersPropagator = null,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = ConnectTimeout,
            // The slots bound the connections; a lower limit here would make sends queue inside their deadline.
            MaxConnectionsPerServer = Math.Max(options.Concurrency, 1) + 64,
            // What is left of a response after our own draining is not worth waiting for.
            MaxResponseDrainSize = 0,
            MaxResponseHeadersLength = 64,
            PooledConnectionIdleTimeout = IdleTimeout,
            PooledConnectionLifetime = Lifetime,
            SslOptions = { CertificateChainPolicy = options.Trust },
            UseCookies = false,
            UseProxy = _throughProxy,
        };
        handler.ConnectCallback = _throughProxy ? _connector.ConnectToProxyAsync : _connector.ConnectAsync;
        if (options.EgressProxy is { } proxy)
            handler.Proxy = new WebProxy(proxy, BypassOnLocal: false);
        return handler;
    }
}
