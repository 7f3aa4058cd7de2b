using Hookstream.Client.Transport;

namespace Hookstream.Client.Events;

/// <summary>The events of a tenant. Reached by <see cref="HookstreamClient.Events"/>, where the exceptions are described.</summary>
public sealed class EventsClient
{
    private readonly ApiTransport _transport;

    internal EventsClient(ApiTransport transport) => _transport = transport;

    /// <summary>Sends one event. When this returns, the event and its deliveries are on the server's disk.</summary>
    /// <param name="newEvent">The event; its payload is sent byte for byte.</param>
    /// <param name="cancellationToken">Cancels the request; the event may have been accepted all the same.</param>
    /// <returns>The event's id and how many deliveries were created.</returns>
    /// <exception cref="ArgumentException">The payload is not well-formed JSON.</exception>
    public Task<EventReceipt> SendAsync(NewEvent newEvent, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Post,
            "api/v1/events",
            EventJson.Content(newEvent),
            ApiJsonContext.Default.EventReceipt,
            cancellationToken);

    /// <summary>Sends 1 to 1,000 events in one request and one transaction; a bad one fails alone.</summary>
    /// <param name="events">The events.</param>
    /// <param name="cancellationToken">Cancels the request; the events may have been accepted all the same.</param>
    /// <returns>One result per event, in order.</returns>
    /// <exception cref="ArgumentException">A payload is not well-formed JSON.</exception>
    /// <exception cref="HookstreamApiException">Not one of the events is valid.</exception>
    public Task<BatchReceipt> SendBatchAsync(IReadOnlyCollection<NewEvent> events, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Post,
            "api/v1/events/batch",
            EventJson.Content(events),
            ApiJsonContext.Default.BatchReceipt,
            cancellationToken);

    /// <summary>Gets one event with its payload, deliveries and attempts.</summary>
    /// <param name="id">The event's id, <c>evt_…</c>.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Task<HookstreamEvent> GetAsync(string id, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Get, ApiTransport.Path("events", id), null, ApiJsonContext.Default.HookstreamEvent, cancellationToken);

    /// <summary>Gets one page of events, newest first, without payloads.</summary>
    /// <param name="filter">Which events; null: all.</param>
    /// <param name="page">Which page; default: the first 20.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Task<Page<HookstreamEvent>> ListPageAsync(
        EventFilter? filter = null, PageRequest page = default, CancellationToken cancellationToken = default) =>
        _transport.GetPageAsync(
            "api/v1/events", Query(filter), page, ApiJsonContext.Default.ListHookstreamEvent, cancellationToken);

    /// <summary>Gets all events, newest first, without payloads, asking for pages as they are needed.</summary>
    /// <param name="filter">Which events; null: all.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    public IAsyncEnumerable<HookstreamEvent> ListAsync(EventFilter? filter = null, CancellationToken cancellationToken = default) =>
        _transport.GetAllAsync(
            "api/v1/events", Query(filter), ApiJsonContext.Default.ListHookstreamEvent, cancellationToken);

    /// <summary>Delivers an event again: to the subscribers that had it, or to one.</summary>
    /// <param name="id">The event's id, <c>evt_…</c>.</param>
    /// <param name="subscriberId">One subscriber only, also one that never had the event; null: those who had it.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Task<EventReplayReceipt> ReplayAsync(
        string id, string? subscriberId = null, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            HttpMethod.Post,
            ApiTransport.Path("events", id, "replay"),
            ApiJson.Content(new EventReplay(subscriberId), ApiJsonContext.Default.EventReplay),
            ApiJsonContext.Default.EventReplayReceipt,
            cancellationToken);

    private static QueryString Query(EventFilter? filter) =>
        default(QueryString).Add("type", filter?.Type).Add("since", filter?.Since).Add("until", filter?.Until);
}
