using System.Text.Json;

namespace Hookstream.Benchmarks.Parts.Ingest;

/// <summary>A posted event as a serialiser reads it.</summary>
internal sealed record PlainEvent(
    string? Type, string? EventType, JsonElement Payload, string? IdempotencyKey, string? Priority, DateTimeOffset? Timestamp);
