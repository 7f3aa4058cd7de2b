using System.Buffers;
using System.Text;
using Hookstream.Core.Times;

namespace Hookstream.Delivery.Sending;

/// <summary>Builds the body of a webhook around the payload, which stays the bytes it came as.</summary>
internal static class Envelope
{
    // Ids, types and timestamps are ASCII that JSON needs no escapes for; the fixed parts fit in what is left over.
    private const int MaxFraming = 512;

    /// <summary>The body, behind what Standard Webhooks signs with it.</summary>
    public static MessageContent Build(WebhookMessage message, string id, string timestamp)
    {
        var payload = message.Payload.Span;
        var buffer = ArrayPool<byte>.Shared.Rent(payload.Length + MaxFraming);
        var length = 0;
        Append(buffer, ref length, id);
        Append(buffer, ref length, "."u8);
        Append(buffer, ref length, timestamp);
        Append(buffer, ref length, "."u8);
        var bodyStart = length;
        switch (message.Format)
        {
            case PayloadFormat.Raw:
                Append(buffer, ref length, payload);
                break;
            case PayloadFormat.Legacy:
                Append(buffer, ref length, "{\"event_type\":\""u8);
                Append(buffer, ref length, message.Type.Value);
                Append(buffer, ref length, "\",\"payload\":"u8);
                Append(buffer, ref length, payload);
                Append(buffer, ref length, "}"u8);
                break;
            default:
                Append(buffer, ref length, "{\"id\":\""u8);
                Append(buffer, ref length, id);
                Append(buffer, ref length, "\",\"type\":\""u8);
                Append(buffer, ref length, message.Type.Value);
                Append(buffer, ref length, "\",\"timestamp\":\""u8);
                TimeText.Write(message.EventTimestamp, buffer.AsSpan(length));
                length += TimeText.Length;
                Append(buffer, ref length, "\",\"data\":"u8);
                Append(buffer, ref length, payload);
                Append(buffer, ref length, "}"u8);
                break;
        }

        return new MessageContent(buffer, bodyStart, length);
    }

    private static void Append(byte[] buffer, ref int length, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(buffer.AsSpan(length));
        length += bytes.Length;
    }

    private static void Append(byte[] buffer, ref int length, string ascii) =>
        length += Encoding.ASCII.GetBytes(ascii, buffer.AsSpan(length));
}
