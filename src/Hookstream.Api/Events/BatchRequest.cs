namespace Hookstream.Api.Events;

/// <summary>Events to be delivered.</summary>
/// <param name="Events">1 to 1000 events; each is judged alone.</param>
internal sealed record BatchRequest(IReadOnlyList<EventRequest> Events);
