using System.Text.Json;
using Hookstream.Client.Deliveries;

namespace Hookstream.Client.Events;

/// <summary>An event that the server accepted.</summary>
public sealed record HookstreamEvent
{
    /// <summary>The id, <c>evt_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The event type, e.g. <c>payment.completed</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The payload as it was posted; null in lists.</summary>
    public JsonElement? Payload { get; init; }

    /// <summary>The idempotency key that it was posted with; null without one.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary><c>high</c>, <c>normal</c> or <c>low</c>.</summary>
    public string? Priority { get; init; }

    /// <summary>When it happened, as its sender says.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>When the server accepted it.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Its deliveries, with their attempts; null in lists.</summary>
    public IReadOnlyList<Delivery>? Deliveries { get; init; }
}
