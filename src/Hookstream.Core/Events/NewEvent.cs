using Hookstream.Core.Tracing;

namespace Hookstream.Core.Events;

/// <summary>An event about to be stored.</summary>
/// <param name="Tenant">Whose event it is.</param>
/// <param name="Type">Its type.</param>
/// <param name="Payload">The bytes of the JSON object, as they came. Not changed until the append has completed.</param>
/// <param name="Priority">Which of the tenant's deliveries go first.</param>
/// <param name="IdempotencyKey">1 to 255 printable ASCII characters, or null.</param>
/// <param name="Timestamp">When it happened, as the sender says; null: when it is stored.</param>
/// <param name="Trace">The trace that its deliveries go on with; null: none.</param>
public sealed record NewEvent(
    TenantId Tenant,
    EventType Type,
    ReadOnlyMemory<byte> Payload,
    EventPriority Priority = EventPriority.Normal,
    string? IdempotencyKey = null,
    DateTimeOffset? Timestamp = null,
    TraceContext? Trace = null);
