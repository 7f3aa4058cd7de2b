using Hookstream.Api.Json;
using Hookstream.Api.Routing;

namespace Hookstream.Api.Deliveries;

/// <summary>The filters of lists of deliveries, in a query or, for a bulk replay, in a body.</summary>
internal static class DeliveryFilters
{
    public static readonly QueryParameter Status =
        new("status", "Deliveries that read as this.") { Words = [.. DeliveryWords.Statuses.Words] };

    /// <summary>All but the status.</summary>
    public static readonly IReadOnlyList<QueryParameter> Parameters =
    [
        new("subscriber_id", "Deliveries to this subscriber."),
        new("event_id", "Deliveries of this event."),
        new("event_type", "Deliveries of events of exactly this type."),
        .. QueryReader.Created,
    ];

    public static DeliveryQuery Read(QueryReader query) => new(
        query.OneOf("status", DeliveryWords.Statuses),
        query.Id<SubscriberId>("subscriber_id"),
        query.Id<EventId>("event_id"),
        query.EventType("event_type"),
        query.Time("since"),
        query.Time("until"));

    public static DeliveryQuery Read(FieldReader fields) => new(
        fields.OneOf("status", DeliveryWords.Statuses),
        fields.Id<SubscriberId>("subscriber_id"),
        fields.Id<EventId>("event_id"),
        ReadEventType(fields),
        fields.Time("since"),
        fields.Time("until"));

    private static EventType? ReadEventType(FieldReader fields)
    {
        if (fields.Text("event_type", EventType.MaxLength) is not { } text)
            return null;
        if (EventType.TryParse(text, out var type))
            return type;
        fields.Errors.Add("event_type", $"must be an event type: {EventType.Accepted}");
        return null;
    }
}
