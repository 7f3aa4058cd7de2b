namespace Hookstream.Api.Events;

/// <summary>The fields of a posted event, as bits so that one word remembers which were seen.</summary>
[Flags]
internal enum EventFields
{
    None = 0,
    Type = 1,
    EventType = 2,
    Payload = 4,
    IdempotencyKey = 8,
    Priority = 16,
    Timestamp = 32,
}
