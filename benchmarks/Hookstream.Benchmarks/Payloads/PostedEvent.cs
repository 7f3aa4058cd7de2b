using System.Buffers;
using System.Text.Json;

namespace Hookstream.Benchmarks.Payloads;

/// <summary>The least that an honest ingest has to do with a body: one pass, type and payload bytes found.</summary>
internal readonly record struct PostedEvent(string Type, ReadOnlySequence<byte> Payload)
{
    public static bool TryRead(in ReadOnlySequence<byte> body, out PostedEvent posted)
    {
        string? type = null;
        ReadOnlySequence<byte>? payload = null;
        posted = default;
        try
        {
            var reader = new Utf8JsonReader(body);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return false;

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isType = reader.ValueTextEquals("type"u8);
                var isPayload = !isType && reader.ValueTextEquals("payload"u8);
                reader.Read();
                if (isType && reader.TokenType == JsonTokenType.String)
                {
                    type = reader.GetString();
                    continue;
                }

                var start = reader.TokenStartIndex;
                reader.Skip();
                if (isPayload)
                    payload = body.Slice(start, reader.BytesConsumed - start);
            }
        }
        catch (JsonException)
        {
            return false;
        }

        if (type is null || payload is null)
            return false;

        posted = new PostedEvent(type, payload.Value);
        return true;
    }
}
