using Hookstream.Core.Paging;

namespace Hookstream.Core.Events;

/// <summary>Where events are appended and looked up.</summary>
public interface IEventStore
{
    /// <summary>
    /// Stores an event and a delivery for every subscriber that wants it, in one transaction. When the task completes with
    /// <see cref="AppendOutcome.Accepted"/>, all of it is committed and flushed to disk. An event appended after a
    /// subscriber's creation has completed matches it.
    /// </summary>
    /// <exception cref="StoreUnavailableException">Nothing was stored, or it is not known whether; try again.</exception>
    ValueTask<AppendResult> AppendAsync(NewEvent appended, CancellationToken cancellation);

    /// <summary>
    /// Stores several events in one transaction; results in the order of <paramref name="appended"/>. One that cannot be
    /// stored fails alone.
    /// </summary>
    /// <exception cref="StoreUnavailableException">Nothing was stored, or it is not known whether; try again.</exception>
    ValueTask<AppendResult[]> AppendAsync(IReadOnlyList<NewEvent> appended, CancellationToken cancellation);

    /// <summary>Finds an event with its payload; null when the tenant has no such event.</summary>
    Task<EventRecord?> FindAsync(TenantId tenant, EventId id, CancellationToken cancellation);

    /// <summary>Lists a tenant's events without payloads, newest first.</summary>
    Task<Page<EventRecord>> ListAsync(TenantId tenant, EventQuery query, PageRequest page, CancellationToken cancellation);

    /// <summary>
    /// Delivers an event again, due now, with a fresh schedule: to everyone who had it, or to the one
    /// <paramref name="subscriber"/>, whether it had it or not. Deliveries in flight are left as they are.
    /// </summary>
    Task<EventReplayResult> ReplayAsync(
        TenantId tenant, EventId id, SubscriberId? subscriber, CancellationToken cancellation);
}
