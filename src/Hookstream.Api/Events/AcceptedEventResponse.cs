using System.Text.Json.Serialization;

namespace Hookstream.Api.Events;

/// <summary>What an accepted or replayed event answers.</summary>
/// <param name="EventId">The event.</param>
/// <param name="EnqueuedCount">How many deliveries were created, held ones included.</param>
internal sealed record AcceptedEventResponse(string EventId, int EnqueuedCount)
{
    /// <summary>Present and true when the event had been accepted before under its idempotency key.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Duplicate { get; init; }
}
