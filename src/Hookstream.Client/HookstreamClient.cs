using System.Net;
using System.Text.Json;
using Hookstream.Client.Deliveries;
using Hookstream.Client.Encryption;
using Hookstream.Client.Events;
using Hookstream.Client.Health;
using Hookstream.Client.Keys;
using Hookstream.Client.Subscribers;
using Hookstream.Client.Tenants;
using Hookstream.Client.Transport;

namespace Hookstream.Client;

/// <summary>A typed client of the Hookstream HTTP API. Thread-safe: one instance serves a whole program.</summary>
/// <remarks>
/// The client sends each request once: a retry belongs to the handlers of the <see cref="HttpClient"/> that the caller
/// owns. Sending an event again is safe with the same <see cref="NewEvent.IdempotencyKey"/>. Every call throws
/// <see cref="HookstreamApiException"/> when the server answers with an error, <see cref="HttpRequestException"/> when
/// it cannot be reached, and <see cref="OperationCanceledException"/> when cancelled or timed out by the
/// <see cref="HttpClient"/>.
/// </remarks>
public sealed class HookstreamClient
{
    private readonly ApiTransport _transport;

    /// <summary>Creates a client on top of an <see cref="HttpClient"/> that stays the caller's to dispose.</summary>
    /// <param name="httpClient">Its <see cref="HttpClient.BaseAddress"/> names the server, e.g. <c>http://127.0.0.1:3000</c>;
    /// a path in it is kept as a prefix.</param>
    /// <param name="token">An API key of a tenant, or the operator's admin token; sent as a bearer token.</param>
    /// <param name="tenant">With the admin token only: the id or external id of the tenant whose routes are called, sent as
    /// <c>X-Hookstream-Tenant</c>. Default: none.</param>
    /// <exception cref="ArgumentException">The base address is missing, or the token is empty.</exception>
    public HookstreamClient(HttpClient httpClient, string token, string? tenant = null)
    {
        ArgumentNullException.ThrowIfNull(httpClient);
        ArgumentException.ThrowIfNullOrWhiteSpace(token);
        var address = httpClient.BaseAddress
            ?? throw new ArgumentException("BaseAddress must name the server, e.g. http://127.0.0.1:3000", nameof(httpClient));

        _transport = new ApiTransport(httpClient, address, token, tenant);
        Events = new EventsClient(_transport);
        Subscribers = new SubscribersClient(_transport);
        Deliveries = new DeliveriesClient(_transport);
        Keys = new KeysClient(_transport);
        Tenants = new TenantsClient(_transport);
    }

    /// <summary>Events: send, send many, read, replay.</summary>
    public EventsClient Events { get; }

    /// <summary>Subscribers: the endpoints that events are delivered to.</summary>
    public SubscribersClient Subscribers { get; }

    /// <summary>Deliveries and the dead letter queue.</summary>
    public DeliveriesClient Deliveries { get; }

    /// <summary>The tenant's own API keys.</summary>
    public KeysClient Keys { get; }

    /// <summary>Tenants and their keys; needs the admin token.</summary>
    public TenantsClient Tenants { get; }

    /// <summary>Encrypts what the store holds under an older encryption key anew under the newest one, for a few seconds; needs the
    /// admin token. Call it until it is complete; it may be given up, and begun again, at any time.</summary>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Task<Reencryption> RotateEncryptionAsync(CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Post, "api/v1/encryption/rotate", null, ApiJsonContext.Default.Reencryption, cancellationToken);

    /// <summary>Tells how all of the tenant's deliveries have gone of late, and what waits now.</summary>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Task<Statistics.Statistics> GetStatisticsAsync(CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Get, "api/v1/stats", null, ApiJsonContext.Default.Statistics, cancellationToken);

    /// <summary>Asks the server how it is (<c>GET /health</c>).</summary>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>The report, also when the server says that it is unhealthy (503).</returns>
    /// <exception cref="HookstreamApiException">The answer is no health report.</exception>
    public async Task<HealthReport> GetHealthAsync(CancellationToken cancellationToken = default)
    {
        using var response = await _transport.SendRawAsync(HttpMethod.Get, "health", null, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable))
            throw await ApiProblem.ReadAsync(response, cancellationToken).ConfigureAwait(false);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return JsonSerializer.Deserialize(body, ApiJsonContext.Default.HealthReport)
                ?? throw ApiProblem.NotUnderstood(response, null);
        }
        catch (JsonException exception)
        {
            throw response.IsSuccessStatusCode
                ? ApiProblem.NotUnderstood(response, exception)
                : ApiProblem.Parse(response, body);
        }
    }
}
