using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Hookstream.Api.Deliveries;
using Hookstream.Api.Json;

namespace Hookstream.Api.Events;

/// <summary>An event with its payload, and its deliveries with their attempts.</summary>
internal sealed record EventResponse : EventSummary
{
    [SetsRequiredMembers]
    private EventResponse(EventSummary summary, ReadOnlyMemory<byte> payload, DeliveryResponse[] deliveries)
        : base(summary)
    {
        Payload = new RawJson(payload);
        Deliveries = deliveries;
    }

    /// <summary>The JSON object that was posted.</summary>
    [JsonPropertyOrder(1)]
    public required RawJson Payload { get; init; }

    [JsonPropertyOrder(1)]
    public required IReadOnlyList<DeliveryResponse> Deliveries { get; init; }

    public static EventResponse Of(EventRecord record, IReadOnlyList<DeliveryDetail> deliveries) =>
        new(EventSummary.Of(record), record.Payload ?? "null"u8.ToArray(), [.. deliveries.Select(DeliveryResponse.Of)]);
}
