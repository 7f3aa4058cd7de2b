using Hookstream.Client.Transport;

namespace Hookstream.Client.Deliveries;

/// <summary>The deliveries of a tenant. Reached by <see cref="HookstreamClient.Deliveries"/>, where the exceptions are described.</summary>
public sealed class DeliveriesClient
{
    private readonly ApiTransport _transport;

    internal DeliveriesClient(ApiTransport transport) => _transport = transport;

    /// <summary>Gets one delivery with its attempts.</summary>
    /// <param name="id">Its id, <c>dlv_…</c>.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Task<Delivery> GetAsync(string id, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Get, ApiTransport.Path("deliveries", id), null, ApiJsonContext.Default.Delivery, cancellationToken);

    /// <summary>Gets one page of deliveries, newest first, without attempts.</summary>
    /// <param name="filter">Which deliveries; null: all.</param>
    /// <param name="page">Which page; default: the first 20.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Task<Page<Delivery>> ListPageAsync(
        DeliveryFilter? filter = null, PageRequest page = default, CancellationToken cancellationToken = default) =>
        PageAsync("api/v1/deliveries", filter, page, cancellationToken);

    /// <summary>Gets all deliveries, newest first, without attempts, asking for pages as they are needed.</summary>
    /// <param name="filter">Which deliveries; null: all.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    public IAsyncEnumerable<Delivery> ListAsync(DeliveryFilter? filter = null, CancellationToken cancellationToken = default) =>
        AllAsync("api/v1/deliveries", filter, cancellationToken);

    /// <summary>Gets one page of the dead letter queue, newest first.</summary>
    /// <param name="filter">Which deliveries; null: all. Its status is not used.</param>
    /// <param name="page">Which page; default: the first 20.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Task<Page<Delivery>> ListDeadLetterPageAsync(
        DeliveryFilter? filter = null, PageRequest page = default, CancellationToken cancellationToken = default) =>
        PageAsync("api/v1/dead-letter", WithoutStatus(filter), page, cancellationToken);

    /// <summary>Gets the whole dead letter queue, newest first, asking for pages as they are needed.</summary>
    /// <param name="filter">Which deliveries; null: all. Its status is not used.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    public IAsyncEnumerable<Delivery> ListDeadLetterAsync(
        DeliveryFilter? filter = null, CancellationToken cancellationToken = default) =>
        AllAsync("api/v1/dead-letter", WithoutStatus(filter), cancellationToken);

    /// <summary>Sends a delivery again: same id and <c>webhook-id</c>, attempt numbers go on, fresh schedule.</summary>
    /// <param name="id">Its id, <c>dlv_…</c>.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="HookstreamApiException">409 with <see cref="ErrorCodes.DeliveryInFlight"/> while it is being sent, or
    /// <see cref="ErrorCodes.Conflict"/> when its subscriber was deleted.</exception>
    public Task<Delivery> ReplayAsync(string id, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Post, ApiTransport.Path("deliveries", id, "replay"), null, ApiJsonContext.Default.Delivery, cancellationToken);

    /// <summary>Cancels a delivery that is not finished.</summary>
    /// <param name="id">Its id, <c>dlv_…</c>.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="HookstreamApiException">409 with <see cref="ErrorCodes.DeliveryInFlight"/> while it is being sent.</exception>
    public Task<Delivery> CancelAsync(string id, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Post, ApiTransport.Path("deliveries", id, "cancel"), null, ApiJsonContext.Default.Delivery, cancellationToken);

    /// <summary>Replays many deliveries, in the background, behind fresh events; the set is fixed when this returns.</summary>
    /// <param name="replay">Which ones; at least one of subscriber, event and since is required.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>How many will be sent, or would be with <see cref="BulkReplay.DryRun"/>.</returns>
    public Task<BulkReplayReceipt> ReplayManyAsync(BulkReplay replay, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Post,
            "api/v1/deliveries/replay",
            ApiJson.Content(replay, ApiJsonContext.Default.BulkReplay),
            ApiJsonContext.Default.BulkReplayReceipt,
            cancellationToken);

    /// <summary>
    /// Asks the server's AI model why a subscriber's endpoint fails. Takes up to half a minute. What the server's AI provider is told is
    /// in the server's documentation.
    /// </summary>
    /// <param name="subscriberId">The subscriber's id, <c>sub_…</c>.</param>
    /// <param name="limit">How many of its last failed attempts to look at, 1 to 50; null: 20.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>The diagnosis; null when none of its recent attempts has failed.</returns>
    /// <exception cref="HookstreamApiException">501 with <see cref="ErrorCodes.AiNotConfigured"/>, 502 with
    /// <see cref="ErrorCodes.AiFailed"/>, 504 with <see cref="ErrorCodes.AiTimeout"/>, or 429 with <see cref="ErrorCodes.RateLimited"/>
    /// after more than ten in a minute.</exception>
    public Task<Diagnosis?> DiagnoseAsync(
        string subscriberId, int? limit = null, CancellationToken cancellationToken = default) =>
        _transport.SendOptionalAsync(
            HttpMethod.Post,
            "api/v1/deliveries/diagnose",
            ApiJson.Content(new DiagnosisRequest(subscriberId, limit), ApiJsonContext.Default.DiagnosisRequest),
            ApiJsonContext.Default.Diagnosis,
            cancellationToken);

    private Task<Page<Delivery>> PageAsync(
        string path, DeliveryFilter? filter, PageRequest page, CancellationToken cancellationToken) =>
        _transport.GetPageAsync(path, Query(filter), page, ApiJsonContext.Default.ListDelivery, cancellationToken);

    private IAsyncEnumerable<Delivery> AllAsync(string path, DeliveryFilter? filter, CancellationToken cancellationToken) =>
        _transport.GetAllAsync(path, Query(filter), ApiJsonContext.Default.ListDelivery, cancellationToken);

    private static DeliveryFilter? WithoutStatus(DeliveryFilter? filter) => filter is null ? null : filter with { Status = null };

    private static QueryString Query(DeliveryFilter? filter) =>
        default(QueryString)
            .Add("status", filter?.Status)
            .Add("subscriber_id", filter?.SubscriberId)
            .Add("event_id", filter?.EventId)
            .Add("event_type", filter?.EventType)
            .Add("since", filter?.Since)
            .Add("until", filter?.Until);
}
