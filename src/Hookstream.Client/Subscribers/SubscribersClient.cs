using Hookstream.Client.Deliveries;
using Hookstream.Client.Transport;

namespace Hookstream.Client.Subscribers;

/// <summary>The subscribers of a tenant. Reached by <see cref="HookstreamClient.Subscribers"/>, where the exceptions are described.</summary>
public sealed class SubscribersClient
{
    private readonly ApiTransport _transport;

    internal SubscribersClient(ApiTransport transport) => _transport = transport;

    /// <summary>Registers an endpoint. Events sent after this returns match it.</summary>
    /// <param name="subscriber">The endpoint and what it wants.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>The subscriber with its signing secret, which is never shown again.</returns>
    public Task<CreatedSubscriber> CreateAsync(NewSubscriber subscriber, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Post,
            "api/v1/subscribers",
            ApiJson.Content(subscriber, ApiJsonContext.Default.NewSubscriber),
            ApiJsonContext.Default.CreatedSubscriber,
            cancellationToken);

    /// <summary>Gets one subscriber.</summary>
    /// <param name="id">Its id, <c>sub_…</c>.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Task<Subscriber> GetAsync(string id, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Get, id, null, null, cancellationToken);

    /// <summary>Gets one page of subscribers, newest first.</summary>
    /// <param name="page">Which page; default: the first 20.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Task<Page<Subscriber>> ListPageAsync(PageRequest page = default, CancellationToken cancellationToken = default) =>
        _transport.GetPageAsync(
            "api/v1/subscribers", default, page, ApiJsonContext.Default.ListSubscriber, cancellationToken);

    /// <summary>Gets all subscribers, newest first, asking for pages as they are needed.</summary>
    /// <param name="cancellationToken">Cancels the requests.</param>
    public IAsyncEnumerable<Subscriber> ListAsync(CancellationToken cancellationToken = default) =>
        _transport.GetAllAsync("api/v1/subscribers", default, ApiJsonContext.Default.ListSubscriber, cancellationToken);

    /// <summary>Changes a subscriber (RFC 7396): only what the update names.</summary>
    /// <param name="id">Its id, <c>sub_…</c>.</param>
    /// <param name="update">What to change; a property set to null restores the server's default.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Task<Subscriber> UpdateAsync(string id, SubscriberUpdate update, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(update);
        return SendAsync(HttpMethod.Patch, id, null, update.Patch.ToContent(), cancellationToken);
    }

    /// <summary>Deletes a subscriber; its pending deliveries are cancelled.</summary>
    /// <param name="id">Its id, <c>sub_…</c>.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Task DeleteAsync(string id, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(HttpMethod.Delete, ApiTransport.Path("subscribers", id), null, cancellationToken);

    /// <summary>Holds a subscriber's deliveries: when this returns, nothing more is sent but what is under way.</summary>
    /// <param name="id">Its id, <c>sub_…</c>.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Task<Subscriber> PauseAsync(string id, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Patch, id, "pause", null, cancellationToken);

    /// <summary>Delivers what was held, and enables a disabled subscriber again.</summary>
    /// <param name="id">Its id, <c>sub_…</c>.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Task<Subscriber> ResumeAsync(string id, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Patch, id, "resume", null, cancellationToken);

    /// <summary>Closes the circuit: what waits is delivered at once.</summary>
    /// <param name="id">Its id, <c>sub_…</c>.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Task<Subscriber> ResetCircuitAsync(string id, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Post, id, "reset-circuit", null, cancellationToken);

    /// <summary>Sends the challenge now.</summary>
    /// <param name="id">Its id, <c>sub_…</c>.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="HookstreamApiException">With <see cref="ErrorCodes.VerificationFailed"/>: the endpoint did not answer
    /// the challenge; the detail says what came back.</exception>
    public Task<Verification> VerifyAsync(string id, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Post,
            ApiTransport.Path("subscribers", id, "verify"),
            null,
            ApiJsonContext.Default.Verification,
            cancellationToken);

    /// <summary>Sends a <c>hookstream.test</c> event to this endpoint alone, past every hold, stored nowhere, without retries.</summary>
    /// <param name="id">Its id, <c>sub_…</c>.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>What happened.</returns>
    public Task<Attempt> TestAsync(string id, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Post,
            ApiTransport.Path("subscribers", id, "test"),
            null,
            ApiJsonContext.Default.Attempt,
            cancellationToken);

    /// <summary>Replaces the signing secret. Until the grace period ends, deliveries are signed with the one before it as well; of
    /// three, the oldest is dropped.</summary>
    /// <param name="id">Its id, <c>sub_…</c>.</param>
    /// <param name="secret">The new secret, standard base64 of 24 to 64 bytes, with or without <c>whsec_</c>; null: the server makes
    /// one. One that was given may be given again, when it is not known whether the call has arrived.</param>
    /// <param name="gracePeriod">How long the secret before it stays live, in whole seconds, up to 30 days; null: a day; zero ends
    /// it at once.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Task<SecretRotation> RotateSecretAsync(
        string id, string? secret = null, TimeSpan? gracePeriod = null, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Post,
            ApiTransport.Path("subscribers", id, "rotate-secret"),
            ApiJson.Content(new NewSecret(secret, gracePeriod is { } grace ? (long)Math.Ceiling(grace.TotalSeconds) : null), ApiJsonContext.Default.NewSecret),
            ApiJsonContext.Default.SecretRotation,
            cancellationToken);

    /// <summary>Ends the grace period of the secret before the newest, where one is live.</summary>
    /// <param name="id">Its id, <c>sub_…</c>.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Task EndGracePeriodAsync(string id, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Delete, ApiTransport.Path("subscribers", id, "previous-secret"), null, cancellationToken);

    /// <summary>Sends a subscriber what it failed to get and what it never got: of the events of a time, replays those that were
    /// dead-lettered, or cancelled because it was disabled, and sends those that match its filters and have no delivery to it.</summary>
    /// <param name="id">Its id, <c>sub_…</c>.</param>
    /// <param name="since">Events created at this time or later; not in the future.</param>
    /// <param name="until">Events created before this time; null: up to now.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>How many deliveries that is; they are made in chunks, behind fresh events.</returns>
    /// <exception cref="HookstreamApiException">409 with <see cref="ErrorCodes.Conflict"/> while the subscriber is
    /// disabled.</exception>
    public Task<RecoveryReceipt> RecoverAsync(
        string id, DateTimeOffset since, DateTimeOffset? until = null, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Post,
            ApiTransport.Path("subscribers", id, "recover"),
            ApiJson.Content(new RecoveryWindow(since, until), ApiJsonContext.Default.RecoveryWindow),
            ApiJsonContext.Default.RecoveryReceipt,
            cancellationToken);

    /// <summary>Tells how the deliveries to a subscriber have gone of late, and what waits for it now.</summary>
    /// <param name="id">Its id, <c>sub_…</c>.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Task<Statistics.Statistics> GetStatisticsAsync(string id, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Get, ApiTransport.Path("subscribers", id, "stats"), null, ApiJsonContext.Default.Statistics, cancellationToken);

    private Task<Subscriber> SendAsync(
        HttpMethod method, string id, string? action, HttpContent? content, CancellationToken cancellationToken) =>
        _transport.SendAsync(
            method, ApiTransport.Path("subscribers", id, action), content, ApiJsonContext.Default.Subscriber, cancellationToken);
}
