using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Hookstream.Api.Deliveries;

/// <summary>A delivery with its attempts, oldest first.</summary>
internal sealed record DeliveryResponse : DeliverySummary
{
    [SetsRequiredMembers]
    private DeliveryResponse(DeliverySummary summary, AttemptResponse[] attempts)
        : base(summary) => Attempts = attempts;

    [JsonPropertyOrder(1)]
    public required IReadOnlyList<AttemptResponse> Attempts { get; init; }

    public static DeliveryResponse Of(DeliveryDetail detail) =>
        new(DeliverySummary.Of(detail.Delivery), [.. detail.Attempts.Select(AttemptResponse.Of)]);
}
