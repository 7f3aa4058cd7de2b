using System.Text.Json;

namespace Hookstream.Client.Events;

/// <summary>An event to send.</summary>
public sealed class NewEvent
{
    /// <summary>Creates an event from JSON that exists as bytes.</summary>
    /// <param name="type">1–256 characters: segments of <c>[A-Za-z0-9_-]</c> joined by single dots, e.g. <c>payment.completed</c>.</param>
    /// <param name="payload">A JSON object in UTF-8; subscribers receive these very bytes. At most 262,144 bytes unless the
    /// server is configured otherwise. Must not change until the event is sent.</param>
    public NewEvent(string type, ReadOnlyMemory<byte> payload)
    {
        ArgumentNullException.ThrowIfNull(type);
        Type = type;
        Payload = payload;
    }

    /// <summary>Creates an event from a JSON element.</summary>
    /// <param name="type">1–256 characters: segments of <c>[A-Za-z0-9_-]</c> joined by single dots, e.g. <c>payment.completed</c>.</param>
    /// <param name="payload">A JSON object; its text is sent as it was parsed, spaces included.</param>
    public NewEvent(string type, JsonElement payload)
        : this(type, System.Text.Encoding.UTF8.GetBytes(payload.GetRawText()))
    {
    }

    /// <summary>The event type.</summary>
    public string Type { get; }

    /// <summary>The payload: a JSON object in UTF-8.</summary>
    public ReadOnlyMemory<byte> Payload { get; }

    /// <summary>1–255 printable ASCII characters; the same key within 24 h sends nothing twice. Default: none.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary><c>high</c>, <c>normal</c> or <c>low</c>. Default: the server's, <c>normal</c>.</summary>
    public string? Priority { get; init; }

    /// <summary>When it happened, for subscribers to see; sent in UTC with milliseconds. Default: when the server accepts it.</summary>
    public DateTimeOffset? Timestamp { get; init; }
}
