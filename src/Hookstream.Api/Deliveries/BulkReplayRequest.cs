namespace Hookstream.Api.Deliveries;

/// <summary>Which deliveries to replay; one of subscriber_id, event_id and since is required.</summary>
internal sealed record BulkReplayRequest
{
    public static readonly string[] FieldNames =
        ["status", "subscriber_id", "event_id", "event_type", "since", "until", "dry_run"];

    /// <summary>Deliveries that read as this; dead_letter when left out.</summary>
    public string? Status { get; init; }

    public string? SubscriberId { get; init; }

    public string? EventId { get; init; }

    public string? EventType { get; init; }

    /// <summary>Created at this time or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Created before this time.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>True: only count.</summary>
    public bool? DryRun { get; init; }
}
